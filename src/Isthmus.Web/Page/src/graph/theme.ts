/** Colours of the style sheet, which knows light from dark. */
export interface Theme {
  ink: string;
  faint: string;
  paper: string;
  process: string;
  busy: string;
  match: string;
  stuck: string;
  waits: string;
  kinds: Record<string, string>;
}

/** Kinds by what they are; those of a family share a colour. */
const families: Record<string, string> = {
  pipe: 'pipe',
  fifo: 'pipe',
  unix: 'unix',
  tcp: 'net',
  udp: 'net',
  socket: 'net',
  'posix-mq': 'queue',
  'sysv-mq': 'queue',
  'posix-shm': 'memory',
  'sysv-shm': 'memory',
  memfd: 'memory',
  'anonymous-shm': 'memory',
  segment: 'memory',
  file: 'memory',
  'posix-semaphore': 'lock',
  'sysv-semaphore-set': 'lock',
  lock: 'lock',
  pty: 'pty',
};

export function familyOf(kind: string): string {
  return families[kind] ?? 'other';
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const kinds = ['pipe', 'unix', 'net', 'queue', 'memory', 'lock', 'pty', 'other', 'parent'];
  return {
    ink: read('ink'),
    faint: read('faint'),
    paper: read('paper'),
    process: read('process'),
    busy: read('busy'),
    match: read('match'),
    stuck: read('stuck'),
    waits: read('waits'),
    kinds: Object.fromEntries(kinds.map((kind) => [kind, read(`kind-${kind}`)])),
  };
}
