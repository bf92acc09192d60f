import type { BenchReport, BenchResult } from '../wire';
import { h } from '../dom';
import { lineChart } from '../chart';
import { heading, simpleTable } from './parts';

const colours = [
  '#2f7ed8',
  '#e07b28',
  '#3aa35b',
  '#c2417c',
  '#8560d0',
  '#a8892a',
  '#1f9bb0',
  '#d0443e',
  '#6b9c2e',
  '#7d8a9a',
];
const linesMax = 10;

/** A report of `isthmus bench --json`: a chart for each figure over the message's size, and all figures in tables. */
export async function renderBench(width: number): Promise<Node[]> {
  const response = await fetch('/api/bench');
  if (!response.ok) {
    return [
      heading('Bench report'),
      h(
        'p',
        {},
        response.status === 404
          ? 'None was given: isthmus serve --bench FILE.'
          : 'The file is no report of isthmus bench --json.',
      ),
    ];
  }
  const report = (await response.json()) as BenchReport;
  const results = Array.isArray(report.results) ? report.results : [];
  const parts: Node[] = [
    heading('Bench report'),
    h('p', { class: 'faint' }, [report.machine?.cpu_model, report.machine?.kernel].filter(Boolean).join(', ')),
  ];
  for (const [name, figures] of groupBy(results, (each) => `${each.suite}: ${each.metric} (${each.unit})`)) {
    parts.push(
      h('h3', {}, name),
      ...(figures.some((each) => each.size !== null) ? overSizes(figures, width) : [list(figures)]),
    );
  }
  return results.length === 0 ? [...parts, h('p', {}, 'It holds no results.')] : parts;
}

function overSizes(figures: BenchResult[], width: number): Node[] {
  const sizes = [...new Set(figures.map((each) => each.size ?? 0))].sort((one, other) => one - other);
  const rows = [...groupBy(figures, (each) => each.mechanism)];
  const valueAt = (of: BenchResult[], size: number): number | null =>
    of.find((each) => each.size === size)?.value ?? null;
  const lines = rows.slice(0, linesMax);
  const chart = lineChart(
    '',
    lines.map(([label], index) => ({ label, colour: colours[index % colours.length]! })),
    [sizes, ...lines.map(([, of]) => sizes.map((size) => valueAt(of, size)))],
    { x: 'size', log: true, width, height: 320 },
  );
  const box = h('div', { 'aria-hidden': 'true' });
  if (sizes.length > 1 && sizes[0]! > 0) {
    box.append(chart.root);
  }
  const table = simpleTable(
    'Figures by size',
    ['mechanism', ...sizes.map((size) => `${size} B`)],
    rows.map(([mechanism, of]) => [mechanism, ...sizes.map((size) => format(valueAt(of, size)))]),
  );
  return [box, table];
}

function list(figures: BenchResult[]): HTMLElement {
  return simpleTable(
    'Figures',
    ['mechanism', 'value'],
    figures.map((each) => [each.mechanism, format(each.value)]),
  );
}

function format(value: number | null): string {
  return value === null ? '' : value.toLocaleString('en', { maximumSignificantDigits: 4 });
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return groups;
}
