import type { Store } from './store';

const seconds = 120;

/** What the process that is open has used, second by second; of others nothing is kept. */
export class History {
  readonly cpu: (number | null)[] = [];
  readonly memory: (number | null)[] = [];
  private key: string | null = null;

  follow(key: string | null): void {
    if (this.key !== key) {
      this.key = key;
      this.cpu.length = 0;
      this.memory.length = 0;
    }
  }

  add(store: Store): void {
    const process = this.key ? store.processes.get(this.key) : undefined;
    if (this.key) {
      this.cpu.push(process?.cpu ?? null);
      this.memory.push(process ? process.memory / (1 << 20) : null);
      if (this.cpu.length > seconds) {
        this.cpu.shift();
        this.memory.shift();
      }
    }
  }

  get times(): number[] {
    return this.cpu.map((_, index) => index - this.cpu.length + 1);
  }
}
