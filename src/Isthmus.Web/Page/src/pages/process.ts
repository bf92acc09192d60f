import type uPlot from 'uplot';
import type { ProcessPage } from '../wire';
import type { History } from '../history';
import { bytes } from '../format';
import { h, printable } from '../dom';
import { lineChart } from '../chart';
import { objectHash } from '../routes';
import { readTheme } from '../graph/theme';
import { facts, heading, simpleTable, userLink } from './parts';

const chartHeight = 110;
const othersShown = 4;

/** Everything about one process. */
export class ProcessView {
  private readonly charts: { cpu: uPlot; memory: uPlot };
  private readonly chartBox = h('div', { class: 'charts', 'aria-hidden': 'true' });

  constructor(
    private readonly history: History,
    private readonly isFollowed: () => boolean,
    private readonly toggleFollow: () => void,
    width: number,
  ) {
    const theme = readTheme();
    const make = (label: string, colour: string): uPlot =>
      lineChart(label, [{ label, colour }], [[], []], { x: 'ago', width, height: chartHeight });
    this.charts = { cpu: make('CPU %', theme.busy), memory: make('memory MiB', theme.process) };
    this.chartBox.append(this.charts.cpu.root, this.charts.memory.root);
  }

  /** The charts go on every second, the rest when it has changed. */
  tick(): void {
    this.charts.cpu.setData([this.history.times, this.history.cpu]);
    this.charts.memory.setData([this.history.times, this.history.memory]);
  }

  dispose(): void {
    this.charts.cpu.destroy();
    this.charts.memory.destroy();
  }

  render(page: ProcessPage): Node[] {
    return [
      heading(`${page.pid} ${page.name}`),
      h(
        'button',
        {
          type: 'button',
          id: 'follow',
          'data-focus': 'follow',
          'aria-pressed': this.isFollowed() ? 'true' : 'false',
          click: () => this.toggleFollow(),
        },
        'Follow in the graph',
      ),
      page.notPermitted.length > 0
        ? h('p', { class: 'faint' }, `Not permitted to look at: ${page.notPermitted.join(', ')}.`)
        : '',
      this.chartBox,
      h('h3', {}, 'Why it waits'),
      ...threads(page),
      h('h3', {}, 'Objects'),
      objects(page),
      h('h3', {}, 'Address space'),
      ...memory(page),
      h('h3', {}, 'Process'),
      facts(page.facts),
      limits(page),
    ].map((each) => (each instanceof Node ? each : document.createTextNode(each)));
  }
}

function threads(page: ProcessPage): HTMLElement[] {
  const list = (of: ProcessPage['threads']): HTMLElement =>
    h('ul', {}, ...of.map((thread) => h('li', {}, thread.text)));
  const runtime = page.threads.filter((thread) => thread.runtime);
  const own = page.threads.filter((thread) => !thread.runtime);
  return [
    own.length > 0 ? list(own) : h('p', { class: 'faint' }, 'Its threads could not be looked at.'),
    ...(runtime.length > 0
      ? [
          h(
            'details',
            { id: 'runtime-threads' },
            h('summary', {}, `${runtime.length} threads of its runtime`),
            list(runtime),
          ),
        ]
      : []),
  ];
}

function objects(page: ProcessPage): HTMLElement {
  return simpleTable(
    'Objects',
    ['fd', 'how', 'object', 'others'],
    page.objects.map((held) => [
      held.descriptor === null ? '' : String(held.descriptor),
      `${held.relation.replace('_', ' ')} ${held.access ?? ''}`.trim(),
      h('a', { href: objectHash(held.id) }, held.name ? `${held.kind} ${held.name}` : held.id),
      h(
        'span',
        {},
        ...held.others.slice(0, othersShown).flatMap((user, index) => [index > 0 ? ', ' : '', userLink(user)]),
        held.others.length > othersShown ? ` and ${held.others.length - othersShown} more` : '',
      ),
    ]),
  );
}

function memory(page: ProcessPage): HTMLElement[] {
  const resident = page.memory.reduce((sum, kind) => sum + kind.resident, 0);
  if (resident === 0) {
    return [h('p', { class: 'faint' }, 'None that may be looked at.')];
  }
  const bar = h('div', { class: 'bar', 'aria-hidden': 'true' });
  page.memory.forEach((kind, index) => {
    const part = h('span', { class: `part-${index % 9}`, title: printable(`${kind.kind}: ${bytes(kind.resident)}`) });
    part.style.flexGrow = String(kind.resident / resident);
    bar.append(part);
  });
  const table = simpleTable(
    'Address space by kinds',
    ['kind', 'ranges', 'size', 'resident', 'own'],
    page.memory.map((kind, index) => [
      h('span', { class: `key part-${index % 9}` }, kind.kind),
      String(kind.ranges),
      bytes(kind.size),
      bytes(kind.resident),
      bytes(kind.own),
    ]),
  );
  return [bar, table];
}

function limits(page: ProcessPage): HTMLElement {
  const text = (value: number | null): string => (value === null ? 'unlimited' : String(value));
  return h(
    'details',
    { id: 'limits' },
    h('summary', {}, 'Limits'),
    simpleTable(
      'Limits',
      ['resource', 'soft', 'hard'],
      page.limits.map((limit) => [limit.resource.replaceAll('_', ' '), text(limit.soft), text(limit.hard)]),
    ),
  );
}
