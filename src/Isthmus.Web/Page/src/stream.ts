import type { Frame } from './wire';

const hiddenPatience = 10_000;

export type Connection = 'connected' | 'lost' | 'paused' | 'refused';

/** Listens to the server while somebody looks: a page in the background costs the machine nothing. */
export class FrameStream {
  private source: EventSource | null = null;
  private timer = 0;

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly onState: (state: Connection) => void,
  ) {
    document.addEventListener('visibilitychange', () => this.followVisibility());
  }

  open(): void {
    if (this.source) {
      return;
    }
    const source = new EventSource('/events');
    this.source = source;
    source.onopen = () => this.onState('connected');
    source.onmessage = (message: MessageEvent<string>) => this.onFrame(JSON.parse(message.data) as Frame);
    source.onerror = () => {
      // A browser tries again by itself, unless the answer was no.
      const refused = source.readyState === EventSource.CLOSED;
      this.onState(refused ? 'refused' : 'lost');
      if (refused) {
        this.source = null;
      }
    };
  }

  private followVisibility(): void {
    window.clearTimeout(this.timer);
    if (document.visibilityState === 'visible') {
      this.open();
    } else {
      this.timer = window.setTimeout(() => {
        this.source?.close();
        this.source = null;
        this.onState('paused');
      }, hiddenPatience);
    }
  }
}
