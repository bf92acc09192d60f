import { select } from 'd3-selection';
import { zoom, zoomIdentity, type ZoomTransform } from 'd3-zoom';
import { draw } from './draw';
import { Layout, type Placed } from './layout';
import { readTheme } from './theme';
import { widthOf, type Scene } from './scene';
import { count } from '../format';
import { printable } from '../dom';

const panStep = 60;
const zoomStep = 1.3;
const reach = 6;

/** The picture on the canvas: pan, zoom, hover, choose; by mouse, touch or keys. */
export class GraphView {
  private readonly layout = new Layout();
  private readonly context: CanvasRenderingContext2D;
  private readonly zooming = zoom<HTMLCanvasElement, unknown>().scaleExtent([0.05, 8]);
  private theme = readTheme();
  private transform: ZoomTransform = zoomIdentity;
  private width = 0;
  private height = 0;
  private isDue = false;
  private isFitted = false;
  private hovered: string | null = null;
  private opened: string | null = null;
  private followed: string | null = null;
  private searching = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly onChoose: (node: Placed['node']) => void,
  ) {
    this.context = canvas.getContext('2d')!;
    this.zooming.on('zoom', (event: { transform: ZoomTransform; sourceEvent: Event | null }) => {
      this.transform = event.transform;
      this.isFitted ||= event.sourceEvent !== null;
      this.invalidate();
    });
    select(canvas).call(this.zooming).on('dblclick.zoom', null);
    canvas.addEventListener('pointermove', (event) => this.hover(event));
    canvas.addEventListener('pointerleave', () => this.setHovered(null));
    canvas.addEventListener('click', (event) => this.choose(event));
    canvas.addEventListener('keydown', (event) => this.press(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.theme = readTheme();
      this.invalidate();
    });
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  show(
    scene: Scene,
    structure: boolean,
    look: { opened: string | null; followed: string | null; searching: boolean },
  ): void {
    ({ opened: this.opened, followed: this.followed, searching: this.searching } = look);
    this.layout.update(scene, structure);
    // Told so that tests, and who reads the page by other means, know what is drawn.
    this.canvas.dataset.nodes = String(scene.nodes.length);
    this.canvas.dataset.links = String(scene.links.length);
    this.canvas.dataset.thickest = Math.max(0, ...scene.links.map(widthOf)).toFixed(1);
    this.canvas.setAttribute(
      'aria-label',
      `Graph of ${count(scene.nodes.length, 'node')} and ${count(scene.links.length, 'connection')}. The lists beside it hold the same. ` +
        'Arrow keys move the view, plus and minus zoom, 0 shows all.',
    );
    if (!this.isFitted && this.width > 0) {
      this.fit();
    }
    this.invalidate();
  }

  fit(): void {
    const all = [...this.layout.placed.values()];
    if (all.length === 0 || this.width === 0) {
      return;
    }
    const left = Math.min(...all.map((each) => each.x - each.radius));
    const right = Math.max(...all.map((each) => each.x + each.radius));
    const top = Math.min(...all.map((each) => each.y - each.radius));
    const bottom = Math.max(...all.map((each) => each.y + each.radius + 16));
    const k = Math.min(this.width / (right - left + 60), this.height / (bottom - top + 60), 2);
    this.move(
      zoomIdentity
        .translate(this.width / 2, this.height / 2)
        .scale(k)
        .translate(-(left + right) / 2, -(top + bottom) / 2),
    );
  }

  zoomBy(factor: number): void {
    this.isFitted = true;
    select(this.canvas).call(this.zooming.scaleBy, factor);
  }

  /** Brings a node into the middle. */
  centre(id: string): void {
    const found = this.layout.placed.get(id);
    if (found) {
      this.isFitted = true;
      const k = Math.max(this.transform.k, 1);
      this.move(
        zoomIdentity
          .translate(this.width / 2, this.height / 2)
          .scale(k)
          .translate(-found.x, -found.y),
      );
    }
  }

  private move(transform: ZoomTransform): void {
    select(this.canvas).call(this.zooming.transform, transform);
  }

  private invalidate(): void {
    if (!this.isDue) {
      this.isDue = true;
      requestAnimationFrame(() => this.paint());
    }
  }

  private paint(): void {
    this.isDue = false;
    if (this.layout.isMoving) {
      // Who does not want motion gets the end of it.
      this.layout.advance(matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : undefined);
      if (!this.isFitted) {
        this.fit();
      }
      this.invalidate();
    }
    if (this.followed) {
      this.keepCentred(this.followed);
    }
    const ratio = window.devicePixelRatio;
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { x, y, k } = this.transform;
    const { hovered, opened, followed, searching } = this;
    draw(
      this.context,
      this.width,
      this.height,
      this.layout,
      { x, y, k, hovered, opened, followed, searching },
      this.theme,
    );
  }

  private keepCentred(id: string): void {
    const found = this.layout.placed.get(id);
    if (found) {
      const [x, y] = this.transform.apply([found.x, found.y]);
      if (Math.hypot(x - this.width / 2, y - this.height / 2) > 1) {
        this.centre(id);
      }
    }
  }

  private resize(): void {
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * window.devicePixelRatio);
    this.canvas.height = Math.round(this.height * window.devicePixelRatio);
    if (!this.isFitted) {
      this.fit();
    }
    this.invalidate();
  }

  private at(event: MouseEvent): Placed | undefined {
    const [x, y] = this.transform.invert([event.offsetX, event.offsetY]);
    return this.layout.find(x, y, reach / this.transform.k);
  }

  private hover(event: PointerEvent): void {
    const found = this.at(event);
    this.setHovered(found?.id ?? null);
    this.canvas.title = found ? printable(titleOf(found)) : '';
  }

  private setHovered(id: string | null): void {
    if (this.hovered !== id) {
      this.hovered = id;
      this.canvas.classList.toggle('points', id !== null);
      this.invalidate();
    }
  }

  private choose(event: MouseEvent): void {
    const found = this.at(event);
    if (found) {
      this.onChoose(found.node);
    }
  }

  private press(event: KeyboardEvent): void {
    const pans: Record<string, [number, number]> = {
      ArrowLeft: [panStep, 0],
      ArrowRight: [-panStep, 0],
      ArrowUp: [0, panStep],
      ArrowDown: [0, -panStep],
    };
    const pan = pans[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (pan) {
      this.isFitted = true;
      select(this.canvas).call(this.zooming.translateBy, pan[0] / this.transform.k, pan[1] / this.transform.k);
    } else if (event.key === '+' || event.key === '=') {
      this.zoomBy(zoomStep);
    } else if (event.key === '-') {
      this.zoomBy(1 / zoomStep);
    } else if (event.key === '0') {
      this.fit();
    } else {
      return;
    }
    event.preventDefault();
  }
}

function titleOf(found: Placed): string {
  const [process] = found.node.members;
  return found.node.type === 'process' && process
    ? `${process.pid} ${process.command || process.name}`
    : found.node.label;
}
