import type { Store } from './store';
import { count } from './format';
import { byId, setText } from './dom';

const pause = 5000;

/** Tells who cannot see the page what matters, and no more often than every five seconds: not every process that comes and goes. */
export class Announcer {
  private readonly element = byId('announcement');
  private stuckCount = -1;
  private last = -Infinity;
  private waiting = 0;

  say(text: string): void {
    window.clearTimeout(this.waiting);
    const rest = this.last + pause - performance.now();
    if (rest > 0) {
      this.waiting = window.setTimeout(() => this.say(text), rest);
      return;
    }
    this.last = performance.now();
    setText(this.element, text);
  }

  follow(store: Store): void {
    const stuckCount = store.summary?.stuckCount ?? 0;
    if (stuckCount !== this.stuckCount) {
      const stuck = stuckCount === 0 ? 'nobody is stuck' : `${count(stuckCount, 'wait')} without an end`;
      this.say(
        `${count(store.processes.size, 'process', 'processes')}, ${count(store.channels.size, 'channel')}, ${stuck}.`,
      );
      this.stuckCount = stuckCount;
    }
  }
}
