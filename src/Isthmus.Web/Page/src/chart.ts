import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { readTheme } from './graph/theme';

export interface Series {
  label: string;
  colour: string;
}

/** A line chart in the colours of the page. */
export function lineChart(
  title: string,
  series: readonly Series[],
  data: uPlot.AlignedData,
  options: { x: 'ago' | 'size'; log?: boolean; width: number; height: number },
): uPlot {
  const theme = readTheme();
  const axis = {
    stroke: theme.ink,
    grid: { stroke: theme.faint, width: 0.3 },
    ticks: { stroke: theme.faint, width: 0.5 },
  };
  return new uPlot(
    {
      title,
      width: options.width,
      height: options.height,
      cursor: { drag: { x: false, y: false } },
      scales: {
        x: options.x === 'size' ? { time: false, distr: 3, log: 2 } : { time: false },
        y: options.log ? { distr: 3 } : { range: (_, __, max) => [0, Math.max(max * 1.1, 1)] },
      },
      axes: [
        {
          ...axis,
          values: (_, ticks) =>
            ticks.map((tick) => (tick === null ? '' : options.x === 'ago' ? `${tick} s` : shortSize(tick))),
        },
        axis,
      ],
      series: [
        { label: options.x === 'ago' ? 'seconds' : 'bytes' },
        ...series.map((each) => ({
          label: each.label,
          stroke: each.colour,
          width: 2,
          points: { show: options.x === 'size' },
        })),
      ],
      legend: { show: series.length > 1 },
    },
    data,
  );
}

function shortSize(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes >> 20}M` : bytes >= 1024 ? `${bytes >> 10}K` : String(bytes);
}
