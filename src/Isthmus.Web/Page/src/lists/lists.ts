import type { Channel, Process, Stuck } from '../wire';
import type { Store } from '../store';
import { activity, bytes, endText, fillText, rateText } from '../format';
import { fits, fitsChannel, showsChannel, showsProcess, type Filter } from '../filter';
import { h, setText } from '../dom';
import { objectHash, processHash } from '../routes';
import { Table } from './table';

/** The graph in words: who is stuck, the processes, the channels. Everything that the picture shows can be read here. */
export class Lists {
  private readonly processes: Table<Process>;
  private readonly channels: Table<Channel>;
  private readonly stuck = h('ul', { class: 'stuck' });
  private readonly stuckSection = h(
    'section',
    { 'aria-label': 'Stuck', hidden: true },
    h('h2', {}, 'Stuck'),
    this.stuck,
  );
  private readonly processHead = h('h2', {});
  private readonly channelHead = h('h2', {});
  private store: Store | null = null;

  constructor(root: HTMLElement) {
    this.processes = new Table<Process>(
      'Processes',
      [
        {
          name: 'pid',
          isNumber: true,
          text: (each) => String(each.pid),
          sort: (each) => each.pid,
          link: (each) => processHash(each.key),
        },
        { name: 'name', text: (each) => each.name },
        { name: 'user', text: (each) => each.user },
        { name: 'does', text: activity },
        { name: 'cpu %', isNumber: true, text: (each) => String(each.cpu), sort: (each) => each.cpu },
        { name: 'memory', isNumber: true, text: (each) => bytes(each.memory), sort: (each) => each.memory },
        {
          name: 'channels',
          isNumber: true,
          text: (each) => String(this.degree(each)),
          sort: (each) => this.degree(each),
        },
      ],
      (each) => each.key,
      (each) => (each.stuck ? 'is-stuck' : ''),
    );
    this.channels = new Table<Channel>(
      'Channels',
      [
        { name: 'channel', text: (each) => each.key, link: (each) => objectHash(each.key) },
        { name: 'name', text: (each) => [each.type, each.name].filter(Boolean).join(' ') },
        { name: 'between', text: (each) => this.ends(each) },
        { name: 'fill', isNumber: true, text: fillText, sort: (each) => each.fill ?? -1 },
        { name: 'rate', isNumber: true, text: rateText, sort: (each) => each.rate ?? -1 },
      ],
      (each) => each.key,
      (each) => (each.ends.some((end) => end.role.includes('!')) ? 'is-stuck' : ''),
    );
    root.append(
      this.stuckSection,
      h('section', { 'aria-label': 'Processes', id: 'processes' }, this.processHead, this.processes.element),
      h('section', { 'aria-label': 'Channels', id: 'channels' }, this.channelHead, this.channels.element),
    );
  }

  show(store: Store, filter: Filter): void {
    this.store = store;
    const processes = [...store.processes.values()].filter(
      (each) => showsProcess(filter, each) && (filter.text === '' || fits(filter.text, each)),
    );
    const named = new Set(processes.map((each) => each.key));
    const channels = [...store.channels.values()].filter(
      (each) =>
        showsChannel(filter, each) &&
        (each.ends.some((end) => named.has(end.process)) || (filter.text !== '' && fitsChannel(filter.text, each))),
    );
    setText(this.processHead, `Processes (${processes.length})`);
    setText(this.channelHead, `Channels (${channels.length})`);
    this.processes.show(processes, 'No process is shown.');
    this.channels.show(channels, 'No two of these processes share anything that can be seen.');
    this.showStuck(store.stuck, store.summary?.stuckCount ?? 0);
  }

  private showStuck(stuck: readonly Stuck[], total: number): void {
    this.stuckSection.hidden = total === 0;
    const rest = total - stuck.length;
    const texts = [...stuck.map((each) => each.text), ...(rest > 0 ? [`And ${rest} more.`] : [])];
    if (texts.join('\n') === [...this.stuck.children].map((each) => each.textContent).join('\n')) {
      return;
    }
    this.stuck.replaceChildren(
      ...texts.map((text, index) =>
        h('li', {}, stuck[index] ? h('a', { href: processHash(stuck[index].processes[0]!) }, text) : text),
      ),
    );
  }

  private degree(process: Process): number {
    return this.store?.degrees.get(process.key) ?? 0;
  }

  private ends(channel: Channel): string {
    const texts = channel.ends.map((end) => endText(end, this.store!.processes));
    return texts.length > 4 ? `${texts.slice(0, 4).join(' — ')} and ${texts.length - 4} more` : texts.join(' — ');
  }
}
