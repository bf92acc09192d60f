import type { Channel, End, Process } from './wire';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(value: number): string {
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

export function words(text: string): string {
  return text.replaceAll('_', ' ');
}

/** What a process does now, in one word or two. */
export function activity(process: Process): string {
  if (process.stuck) {
    return process.stuck === 'deadlock' ? 'deadlock' : 'stuck';
  }
  if (process.state === 'stopped' || process.state === 'zombie' || process.state === 'traced') {
    return process.state;
  }
  switch (process.wait) {
    case 'none':
      return 'runs';
    case null:
    case 'other':
      return words(process.state);
    case 'not_permitted':
      return 'not permitted';
    case 'time':
      return 'sleeps';
    default:
      return `waits: ${words(process.wait)}`;
  }
}

export function endText(end: End, processes: ReadonlyMap<string, Process>): string {
  const process = processes.get(end.process);
  return process ? `${process.pid} ${process.name} (${roleText(end.role)})` : '';
}

export function fillText(channel: Channel): string {
  if (channel.fill === null) {
    return '';
  }
  return channel.capacity ? `${channel.fill} of ${channel.capacity}` : String(channel.fill);
}

export function rateText(channel: Channel): string {
  if (channel.rate === null) {
    return '';
  }
  return channel.unit === 'bytes' ? `${bytes(channel.rate)}/s` : `${channel.rate} messages/s`;
}

const roles: Record<string, string> = {
  r: 'reads',
  w: 'writes',
  o: 'has it open',
  l: 'listens',
  m: 'maps',
  p: 'takes part',
  h: 'holds',
  '?': 'waits',
  '!': 'is stuck',
};

function roleText(role: string): string {
  return [...role].map((letter) => roles[letter] ?? letter).join(', ');
}
