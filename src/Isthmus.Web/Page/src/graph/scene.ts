import type { Channel, Process } from '../wire';
import type { Store } from '../store';
import { isMatch, showsChannel, showsProcess, type Filter } from '../filter';
import { gather, type Attention } from './grouping';

/** Something drawn as a disc or a diamond: a process, several alike, or an object that more than two share. */
export interface SceneNode {
  id: string;
  type: 'process' | 'group' | 'hub';
  label: string;
  /** The processes that it stands for; none for an object. */
  members: Process[];
  kind: string | null;
  stuck: boolean;
  matched: boolean;
  degree: number;
}

/** A line. One stands for all channels of a kind between the same two nodes. */
export interface SceneLink {
  id: string;
  source: string;
  target: string;
  kind: string;
  channels: string[];
  /** 0 to 1: how full the fullest of them is, or how much passes through the busiest, whichever is more. */
  weight: number;
  stuck: boolean;
  waits: boolean;
  /** Bytes go from source to target only. */
  directed: boolean;
}

export interface Scene {
  nodes: SceneNode[];
  links: SceneLink[];
}

export function buildScene(store: Store, filter: Filter, attention: Attention): Scene {
  const shown = new Map([...store.processes].filter(([, process]) => showsProcess(filter, process)));
  const channels = [...store.channels.values()].filter(
    (channel) => showsChannel(filter, channel) && isShared(channel, shown),
  );
  const nodeOf = gather(shown, channels, filter, attention);
  const nodes = new Map<string, SceneNode>();
  for (const [key, id] of nodeOf) {
    addMember(nodes, id, shown.get(key)!, filter);
  }
  const links = new Map<string, SceneLink>();
  for (const channel of channels) {
    addChannel(nodes, links, channel, nodeOf);
  }
  if (filter.parents) {
    addParents(links, shown, nodeOf);
  }
  for (const link of links.values()) {
    nodes.get(link.source)!.degree++;
    nodes.get(link.target)!.degree++;
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

function isShared(channel: Channel, shown: ReadonlyMap<string, Process>): boolean {
  const ends = channel.ends.filter((end) => shown.has(end.process));
  return ends.length > 1 || ends.some((end) => end.role.includes('!'));
}

function addMember(nodes: Map<string, SceneNode>, id: string, process: Process, filter: Filter): void {
  const node = nodes.get(id) ?? {
    id,
    type: id === process.key ? 'process' : 'group',
    label: process.name,
    members: [],
    kind: null,
    stuck: false,
    matched: false,
    degree: 0,
  };
  node.members.push(process);
  node.stuck ||= process.stuck !== null;
  node.matched ||= isMatch(filter, process);
  if (node.type === 'group') {
    node.label = `${process.name} × ${node.members.length}`;
  }
  nodes.set(id, node);
}

function addChannel(
  nodes: Map<string, SceneNode>,
  links: Map<string, SceneLink>,
  channel: Channel,
  nodeOf: ReadonlyMap<string, string>,
): void {
  const roles = new Map<string, string>();
  for (const end of channel.ends) {
    const node = nodeOf.get(end.process);
    if (node) {
      roles.set(node, (roles.get(node) ?? '') + end.role);
    }
  }
  const ends = [...roles];
  if (ends.length === 2) {
    const [first, second] = ends as [[string, string], [string, string]];
    // From who writes to who reads.
    const [from, to] = first[1].includes('w') && !first[1].includes('r') ? [first, second] : [second, first];
    addLink(links, channel, from[0], to[0], from[1] + to[1], !from[1].includes('r') && !to[1].includes('w'));
  } else if (ends.length > 2 || ends.some(([, role]) => role.includes('!'))) {
    nodes.set(channel.key, {
      id: channel.key,
      type: 'hub',
      label: channel.name ?? channel.key,
      members: [],
      kind: channel.kind,
      stuck: ends.some(([, role]) => role.includes('!')),
      matched: false,
      degree: 0,
    });
    for (const [node, role] of ends) {
      addLink(links, channel, node, channel.key, role, false);
    }
  }
}

function addLink(
  links: Map<string, SceneLink>,
  channel: Channel,
  source: string,
  target: string,
  role: string,
  directed: boolean,
): void {
  const id = `${channel.kind}|${[source, target].sort().join('|')}`;
  const link = links.get(id) ?? {
    id,
    source,
    target,
    kind: channel.kind,
    channels: [],
    weight: 0,
    stuck: false,
    waits: false,
    directed,
  };
  link.channels.push(channel.key);
  link.weight = Math.max(link.weight, fillOf(channel), rateOf(channel));
  link.stuck ||= role.includes('!');
  // To wait at a lock is to be held up; to wait for data is the usual life.
  link.waits ||= role.includes('?') && (channel.kind === 'lock' || channel.kind === 'segment');
  link.directed &&= directed && link.source === source;
  links.set(id, link);
}

/** A share of what it holds at most; where that is not told, more and more slowly with the bytes. */
function fillOf(channel: Channel): number {
  if (!channel.fill) {
    return 0;
  }
  return channel.capacity
    ? Math.min(channel.fill / channel.capacity, 1)
    : Math.min(Math.log2(1 + channel.fill) / 16, 1);
}

/** Each doubling counts the same: half of all for 64 KiB a second, or for 1,000 messages; all for 4 GiB, or for a million. */
function rateOf(channel: Channel): number {
  return Math.min(Math.log2(1 + (channel.rate ?? 0)) / (channel.unit === 'bytes' ? 32 : 20), 1);
}

/** In pixels, before anybody zooms. */
export function widthOf(link: SceneLink): number {
  return (link.stuck ? 2.5 : 1.2) + Math.log2(link.channels.length || 1) * 0.5 + link.weight * 6;
}

function addParents(
  links: Map<string, SceneLink>,
  shown: ReadonlyMap<string, Process>,
  nodeOf: ReadonlyMap<string, string>,
): void {
  for (const process of shown.values()) {
    const source = process.parent ? nodeOf.get(process.parent) : undefined;
    const target = nodeOf.get(process.key)!;
    if (source && source !== target) {
      links.set(`parent|${source}|${target}`, {
        id: `parent|${source}|${target}`,
        source,
        target,
        kind: 'parent',
        channels: [],
        weight: 0,
        stuck: false,
        waits: false,
        directed: true,
      });
    }
  }
}
