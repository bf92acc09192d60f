import type { Channel, Process } from '../wire';
import { isMatch, type Filter } from '../filter';

/** What must be seen by itself, however many others are like it. */
export interface Attention {
  opened: string | null;
  followed: string | null;
  expanded: ReadonlySet<string>;
}

// So many processes of a name that share nothing with anybody become one.
const idleGroupSize = 3;
// So many of a name that share one thing with the same others do, too; in a crowd also those that share a few.
const alikeGroupSize = 4;
const crowd = 150;
const fewPartners = 3;

/** The node of each process: its own, or that of a group. */
export function gather(
  shown: ReadonlyMap<string, Process>,
  channels: readonly Channel[],
  filter: Filter,
  attention: Attention,
): Map<string, string> {
  const partners = partnersOf(shown, channels);
  const groups = new Map<string, { keys: string[]; size: number }>();
  const nodeOf = new Map<string, string>();
  for (const [key, process] of shown) {
    nodeOf.set(key, key);
    const others = partners.get(key);
    const mayHide =
      !process.stuck && key !== attention.opened && key !== attention.followed && !isMatch(filter, process);
    if (mayHide && (others?.length ?? 0) <= (shown.size > crowd ? fewPartners : 1)) {
      const group = `group:${process.user}/${process.name}${others ? `:${others.join()}` : ''}`;
      const known = groups.get(group);
      if (known) {
        known.keys.push(key);
      } else {
        groups.set(group, { keys: [key], size: others ? alikeGroupSize : idleGroupSize });
      }
    }
  }
  for (const [group, { keys, size }] of groups) {
    if (keys.length >= size && !attention.expanded.has(group)) {
      keys.forEach((key) => nodeOf.set(key, group));
    }
  }
  return nodeOf;
}

/** With whom each process shares something: the other one of two, or the object that many have. Sorted. */
function partnersOf(shown: ReadonlyMap<string, Process>, channels: readonly Channel[]): Map<string, string[]> {
  const partners = new Map<string, Set<string>>();
  const add = (key: string, other: string): void => {
    const known = partners.get(key) ?? new Set();
    partners.set(key, known.add(other));
  };
  for (const channel of channels) {
    const ends = channel.ends.filter((end) => shown.has(end.process));
    for (const end of ends) {
      const other = ends.length === 2 ? ends.find((each) => each !== end)!.process : channel.key;
      add(end.process, other);
    }
  }
  return new Map([...partners].map(([key, others]) => [key, [...others].sort()]));
}
