import type { Channel, Frame, Process, Stuck, Summary } from './wire';

/** What a frame has changed. */
export interface Change {
  /** Nodes or edges came, went, or lead elsewhere: the graph has another shape. */
  structure: boolean;
  /** Anything that is drawn is different. */
  anything: boolean;
}

/** The graph as the server told it last. */
export class Store {
  readonly processes = new Map<string, Process>();
  readonly channels = new Map<string, Channel>();
  stuck: Stuck[] = [];
  summary: Summary | null = null;
  /** How many channels each process has. */
  readonly degrees = new Map<string, number>();

  apply(frame: Frame): Change {
    let structure = frame.full;
    if (frame.full) {
      this.processes.clear();
      this.channels.clear();
    }
    for (const key of frame.gone) {
      structure = this.processes.delete(key) || this.channels.delete(key) || structure;
    }
    for (const process of frame.processes) {
      structure ||= !this.processes.has(process.key);
      this.processes.set(process.key, process);
    }
    for (const channel of frame.channels) {
      structure ||= shapeOf(this.channels.get(channel.key)) !== shapeOf(channel);
      this.channels.set(channel.key, channel);
    }
    this.stuck = frame.stuck ?? this.stuck;
    this.summary = frame.summary;
    if (structure) {
      this.count();
    }
    const anything = structure || frame.stuck !== undefined || frame.processes.length + frame.channels.length > 0;
    return { structure, anything };
  }

  private count(): void {
    this.degrees.clear();
    for (const channel of this.channels.values()) {
      for (const end of channel.ends) {
        this.degrees.set(end.process, (this.degrees.get(end.process) ?? 0) + 1);
      }
    }
  }
}

function shapeOf(channel: Channel | undefined): string {
  return channel ? channel.ends.map((end) => end.process).join() : '';
}
