import { familyOf, type Theme } from './theme';
import type { Layout, Line, Placed } from './layout';
import { widthOf } from './scene';
import { printable } from '../dom';

export interface Look {
  x: number;
  y: number;
  k: number;
  hovered: string | null;
  opened: string | null;
  followed: string | null;
  /** Something was searched for: what was not meant steps back. */
  searching: boolean;
}

/** Draws the whole picture. What lies outside the window is left out. */
export function draw(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  layout: Layout,
  look: Look,
  theme: Theme,
): void {
  context.clearRect(0, 0, width, height);
  context.save();
  context.translate(look.x, look.y);
  context.scale(look.k, look.k);
  const near = neighbourhood(layout, look.followed ?? look.hovered);
  for (const line of layout.lines) {
    drawLine(context, line, look, theme, near);
  }
  const window = {
    left: -look.x / look.k,
    top: -look.y / look.k,
    right: (width - look.x) / look.k,
    bottom: (height - look.y) / look.k,
  };
  const visible = [...layout.placed.values()].filter(
    (each) =>
      each.x > window.left - 60 &&
      each.x < window.right + 60 &&
      each.y > window.top - 60 &&
      each.y < window.bottom + 60,
  );
  visible.forEach((each) => drawNode(context, each, look, theme, near));
  drawLabels(context, visible, look, theme, near);
  context.restore();
}

function neighbourhood(layout: Layout, centre: string | null): Set<string> | null {
  if (centre === null || !layout.placed.has(centre)) {
    return null;
  }
  const near = new Set([centre]);
  for (const line of layout.lines) {
    if (line.source.id === centre || line.target.id === centre) {
      near.add(line.source.id).add(line.target.id);
      // Through an object to those who share it.
      const hub = line.source.node.type === 'hub' ? line.source : line.target.node.type === 'hub' ? line.target : null;
      if (hub && hub.id !== centre) {
        layout.lines
          .filter((each) => each.target === hub || each.source === hub)
          .forEach((each) => near.add(each.source.id).add(each.target.id));
      }
    }
  }
  return near;
}

function drawLine(
  context: CanvasRenderingContext2D,
  line: Line,
  look: Look,
  theme: Theme,
  near: Set<string> | null,
): void {
  const { source, target, link } = line;
  const isFar = near !== null && !(near.has(source.id) && near.has(target.id));
  context.globalAlpha = isFar ? 0.12 : link.kind === 'parent' ? 0.4 : 0.85;
  context.strokeStyle = link.stuck ? theme.stuck : link.waits ? theme.waits : colourOf(link.kind, theme);
  context.lineWidth = widthOf(link);
  context.setLineDash(link.kind === 'parent' ? [2, 4] : link.stuck || link.waits ? [7, 4] : []);
  context.beginPath();
  context.moveTo(source.x, source.y);
  context.lineTo(target.x, target.y);
  context.stroke();
  context.setLineDash([]);
  if (link.directed && look.k > 0.4) {
    drawArrow(context, source, target);
  }
}

function drawArrow(context: CanvasRenderingContext2D, source: Placed, target: Placed): void {
  const angle = Math.atan2(target.y - source.y, target.x - source.x);
  const x = target.x - Math.cos(angle) * (target.radius + 2);
  const y = target.y - Math.sin(angle) * (target.radius + 2);
  context.fillStyle = context.strokeStyle;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - Math.cos(angle - 0.4) * 9, y - Math.sin(angle - 0.4) * 9);
  context.lineTo(x - Math.cos(angle + 0.4) * 9, y - Math.sin(angle + 0.4) * 9);
  context.fill();
}

function drawNode(
  context: CanvasRenderingContext2D,
  each: Placed,
  look: Look,
  theme: Theme,
  near: Set<string> | null,
): void {
  const { node } = each;
  context.globalAlpha = isFaint(each, look, near) ? 0.2 : 1;
  context.beginPath();
  if (node.type === 'hub') {
    context.fillStyle = node.stuck ? theme.stuck : colourOf(node.kind!, theme);
    context.moveTo(each.x, each.y - each.radius);
    context.lineTo(each.x + each.radius, each.y);
    context.lineTo(each.x, each.y + each.radius);
    context.lineTo(each.x - each.radius, each.y);
    context.closePath();
  } else {
    const cpu = node.members.reduce((sum, process) => sum + process.cpu, 0);
    context.fillStyle = node.stuck ? theme.stuck : cpu >= 20 ? theme.busy : theme.process;
    context.arc(each.x, each.y, each.radius, 0, 2 * Math.PI);
  }
  context.fill();
  if (isMarked(each, look)) {
    context.strokeStyle = node.matched ? theme.match : theme.ink;
    context.lineWidth = 3;
    context.stroke();
  }
}

// The marked first, then who has most to do with others; whose place is taken has none.
function drawLabels(
  context: CanvasRenderingContext2D,
  visible: readonly Placed[],
  look: Look,
  theme: Theme,
  near: Set<string> | null,
): void {
  // The same size however near one is.
  const size = Math.min(Math.max(11 / look.k, 3), 26);
  const rank = (each: Placed): number =>
    (isMarked(each, look) ? 1e6 : each.node.stuck ? 1e5 : isFaint(each, look, near) ? -1e5 : 0) + each.node.degree;
  const taken: Box[] = [];
  context.font = `${size}px system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineWidth = size / 4;
  context.strokeStyle = theme.paper;
  for (const each of [...visible].sort((one, other) => rank(other) - rank(one))) {
    const text = printable(
      each.node.type === 'process' ? `${each.node.label} ${each.node.members[0]!.pid}` : each.node.label,
    );
    const half = (text.length * size * 0.56) / 2;
    const top = each.y + each.radius + 2;
    const box = { left: each.x - half, right: each.x + half, top, bottom: top + size };
    if (isMarked(each, look) || !taken.some((other) => overlaps(box, other))) {
      taken.push(box);
      context.globalAlpha = isFaint(each, look, near) ? 0.15 : 1;
      context.strokeText(text, each.x, top);
      context.fillStyle = each.node.type === 'hub' ? theme.faint : theme.ink;
      context.fillText(text, each.x, top);
    }
  }
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function overlaps(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

function isMarked(each: Placed, look: Look): boolean {
  return each.node.matched || each.id === look.opened || each.id === look.followed || each.id === look.hovered;
}

function isFaint(each: Placed, look: Look, near: Set<string> | null): boolean {
  return near !== null ? !near.has(each.id) : look.searching && !each.node.matched;
}

function colourOf(kind: string, theme: Theme): string {
  return theme.kinds[kind === 'parent' ? kind : familyOf(kind)]!;
}
