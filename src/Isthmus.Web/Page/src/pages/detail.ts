import { h } from '../dom';

const refresh = 2000;

/**
 * A page about one thing, fetched again and again while it is open. It is drawn anew only when something is different; focus stays at what had it,
 * by its data-focus.
 */
export class DetailPage<T> {
  private url = '';
  private text = '';
  private timer = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly render: (data: T) => Node[],
    private readonly gone: string,
  ) {}

  async open(url: string): Promise<void> {
    this.close();
    this.url = url;
    await this.load(true);
  }

  close(): void {
    this.url = '';
    this.text = '';
    window.clearTimeout(this.timer);
  }

  private async load(isFirst: boolean): Promise<void> {
    const url = this.url;
    let response: Response | null = null;
    try {
      response = await fetch(url);
    } catch {
      // The server is gone for now; the status line says so.
    }
    const text = response?.ok ? await response.text() : '';
    if (url !== this.url) {
      return;
    }
    if (response?.ok && text !== this.text) {
      this.text = text;
      this.replace(this.render(JSON.parse(text) as T));
    } else if (response?.status === 404) {
      this.replace([h('h2', { tabindex: -1 }, this.gone)]);
    }
    if (isFirst) {
      this.root.querySelector<HTMLElement>('h2')?.focus();
    }
    if (response?.status === 404) {
      return;
    }
    if (document.visibilityState === 'visible' || isFirst) {
      this.timer = window.setTimeout(() => void this.load(false), refresh);
    } else {
      document.addEventListener('visibilitychange', () => void (url === this.url && this.load(false)), { once: true });
    }
  }

  private replace(content: Node[]): void {
    const focused =
      document.activeElement instanceof HTMLElement && this.root.contains(document.activeElement)
        ? document.activeElement
        : null;
    const name = focused?.dataset.focus ?? focused?.getAttribute('href');
    const unfolded = [...this.root.querySelectorAll('details[open]')].map((each) => each.id);
    this.root.replaceChildren(h('nav', {}, h('a', { href: '#/', 'data-focus': 'back' }, '← Lists')), ...content);
    unfolded.forEach((id) => document.getElementById(id)?.setAttribute('open', ''));
    if (name) {
      const again = [...this.root.querySelectorAll<HTMLElement>('[data-focus], a[href]')].find(
        (each) => each.dataset.focus === name || each.getAttribute('href') === name,
      );
      (again ?? this.root).focus();
    }
  }
}
