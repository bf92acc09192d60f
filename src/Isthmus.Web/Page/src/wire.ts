// What the server sends: the twin of PageModel.cs.

export interface Process {
  key: string;
  pid: number;
  name: string;
  command: string;
  user: string;
  state: string;
  wait: string | null;
  stuck: string | null;
  parent: string | null;
  /** Percent of one CPU. */
  cpu: number;
  /** Bytes. */
  memory: number;
  threads: number;
  descriptors: number | null;
  dotnet: boolean;
  hidden: boolean;
}

export interface End {
  process: string;
  /** r reads, w writes, o open, l listens, m maps, p takes part, h holds, ? waits, ! is stuck. */
  role: string;
}

export interface Channel {
  key: string;
  kind: string;
  name: string | null;
  type: string | null;
  fill: number | null;
  capacity: number | null;
  /** What passes through it in a second, in unit; null where nobody counts it. */
  rate: number | null;
  unit: 'bytes' | 'messages' | null;
  runtime: boolean;
  ends: End[];
}

export interface Stuck {
  text: string;
  end: string;
  processes: string[];
}

export interface Summary {
  host: string;
  scope: string;
  bench: boolean;
  processes: number;
  hidden: number;
  gaps: string[];
  /** Milliseconds. */
  sweep: number;
  stuckCount: number;
}

export interface Frame {
  full: boolean;
  summary: Summary;
  processes: Process[];
  channels: Channel[];
  gone: string[];
  /** Missing when it is as it was. */
  stuck?: Stuck[];
}

export interface Fact {
  label: string;
  value: string;
}

export interface User {
  key: string;
  pid: number;
  name: string;
  relation: string;
  access: string | null;
  descriptor: number | null;
}

export interface ProcessPage {
  key: string;
  pid: number;
  name: string;
  ended: boolean;
  facts: Fact[];
  memory: { kind: string; ranges: number; size: number; resident: number; own: number }[];
  threads: { tid: number | null; name: string; text: string; runtime: boolean }[];
  objects: {
    descriptor: number | null;
    relation: string;
    access: string | null;
    id: string;
    kind: string;
    name: string | null;
    runtime: boolean;
    others: User[];
  }[];
  limits: { resource: string; soft: number | null; hard: number | null }[];
  notPermitted: string[];
}

export interface ObjectPage {
  id: string;
  kind: string;
  name: string | null;
  facts: Fact[];
  users: User[];
  otherEnd: User[];
  watches: Fact[];
}

export interface BenchResult {
  suite: string;
  mechanism: string;
  size: number | null;
  metric: string;
  value: number;
  unit: string;
}

export interface BenchReport {
  machine?: { kernel?: string; cpu_model?: string };
  results?: BenchResult[];
}
