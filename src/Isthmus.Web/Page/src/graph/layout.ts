import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
} from 'd3-force';
import type { Scene, SceneLink, SceneNode } from './scene';

export interface Placed {
  id: string;
  x: number;
  y: number;
  vx?: number;
  vy?: number;
  radius: number;
  node: SceneNode;
}

export interface Line extends SimulationLinkDatum<Placed> {
  source: Placed;
  target: Placed;
  link: SceneLink;
}

const settled = 0.02;
const firstBudget = 400;
const frameBudget = 8;
const goldenAngle = Math.PI * (3 - Math.sqrt(5));

/** Where everything stands. What is there stays where it is, as far as it can, when others come and go. */
export class Layout {
  readonly placed = new Map<string, Placed>();
  lines: Line[] = [];
  private readonly simulation: Simulation<Placed, Line>;
  private readonly links = forceLink<Placed, Line>([])
    .distance((line) => 46 + line.source.radius + line.target.radius)
    .strength(0.35);

  constructor() {
    this.simulation = forceSimulation<Placed, Line>([])
      .force('links', this.links)
      .force(
        'apart',
        forceManyBody<Placed>()
          .strength((each) => -60 - each.radius * 6)
          .distanceMax(600),
      )
      .force(
        'collide',
        forceCollide<Placed>((each) => each.radius + 6),
      )
      .force(
        'x',
        forceX<Placed>(0).strength((each) => pull(each)),
      )
      .force(
        'y',
        forceY<Placed>(0).strength((each) => pull(each) * 1.3),
      )
      .velocityDecay(0.5)
      .stop();
  }

  get isMoving(): boolean {
    return this.simulation.alpha() > settled;
  }

  update(scene: Scene, structure: boolean): void {
    const isFirst = this.placed.size === 0;
    const wanted = new Set(scene.nodes.map((node) => node.id));
    let changed = structure;
    for (const id of this.placed.keys()) {
      if (!wanted.has(id)) {
        this.placed.delete(id);
        changed = true;
      }
    }
    const neighbours = neighboursOf(scene.links);
    scene.nodes.forEach((node, index) => {
      const known = this.placed.get(node.id);
      if (known) {
        known.node = node;
        known.radius = radiusOf(node);
      } else {
        this.placed.set(node.id, {
          id: node.id,
          node,
          radius: radiusOf(node),
          ...this.startOf(node, index, neighbours),
        });
        changed = true;
      }
    });
    const linesBefore = this.lines.length;
    this.lines = scene.links.map((link) => ({
      link,
      source: this.placed.get(link.source)!,
      target: this.placed.get(link.target)!,
    }));
    if (changed || linesBefore !== this.lines.length) {
      this.simulation.nodes([...this.placed.values()]);
      this.links.links(this.lines);
      this.simulation.alpha(Math.max(this.simulation.alpha(), isFirst ? 1 : 0.15));
      if (isFirst) {
        this.advance(firstBudget);
      }
    }
  }

  /** Goes on for some milliseconds. */
  advance(budget = frameBudget): void {
    const end = performance.now() + budget;
    do {
      this.simulation.tick();
    } while (this.isMoving && performance.now() < end);
  }

  find(x: number, y: number, reach: number): Placed | undefined {
    let best: Placed | undefined;
    let bestDistance = Infinity;
    for (const each of this.placed.values()) {
      const distance = Math.hypot(each.x - x, each.y - y) - each.radius;
      if (distance < reach && distance < bestDistance) {
        best = each;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Beside those it is joined to; alone, on a spiral, so that no two start at the same place. */
  private startOf(node: SceneNode, index: number, neighbours: ReadonlyMap<string, string[]>): { x: number; y: number } {
    const near = (neighbours.get(node.id) ?? []).map((id) => this.placed.get(id)).filter((each) => each !== undefined);
    const angle = index * goldenAngle;
    if (near.length > 0) {
      const x = near.reduce((sum, each) => sum + each.x, 0) / near.length;
      const y = near.reduce((sum, each) => sum + each.y, 0) / near.length;
      return { x: x + Math.cos(angle) * 40, y: y + Math.sin(angle) * 40 };
    }
    const radius = 14 * Math.sqrt(index + 1);
    return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
  }
}

function neighboursOf(links: readonly SceneLink[]): Map<string, string[]> {
  const neighbours = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const known = neighbours.get(from);
    if (known) {
      known.push(to);
    } else {
      neighbours.set(from, [to]);
    }
  };
  for (const link of links) {
    add(link.source, link.target);
    add(link.target, link.source);
  }
  return neighbours;
}

function pull(each: Placed): number {
  return each.node.degree === 0 ? 0.09 : 0.04;
}

function radiusOf(node: SceneNode): number {
  switch (node.type) {
    case 'hub':
      return 6;
    case 'group':
      return Math.min(10 + 2.5 * Math.sqrt(node.members.length), 40);
    case 'process':
      return 8;
  }
}
