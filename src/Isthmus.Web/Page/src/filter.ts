import type { Channel, Process } from './wire';

/** What is shown. Kinds are named when they are not. */
export interface Filter {
  text: string;
  user: string;
  hiddenKinds: Set<string>;
  runtime: boolean;
  parents: boolean;
}

export function showsProcess(filter: Filter, process: Process): boolean {
  return filter.user === '' || process.user === filter.user;
}

export function showsChannel(filter: Filter, channel: Channel): boolean {
  return !filter.hiddenKinds.has(channel.kind) && (filter.runtime || !channel.runtime);
}

/** Whether it is what was searched for; nothing is while nothing was. */
export function isMatch(filter: Filter, process: Process): boolean {
  return filter.text !== '' && fits(filter.text, process);
}

export function fits(text: string, process: Process): boolean {
  const wanted = text.toLowerCase();
  return (
    String(process.pid).startsWith(wanted) ||
    process.name.toLowerCase().includes(wanted) ||
    process.command.toLowerCase().includes(wanted)
  );
}

export function fitsChannel(text: string, channel: Channel): boolean {
  const wanted = text.toLowerCase();
  return channel.key.toLowerCase().includes(wanted) || (channel.name ?? '').toLowerCase().includes(wanted);
}
