import type { Filter } from './filter';
import type { Store } from './store';
import { byId, h } from './dom';
import { familyOf } from './graph/theme';

/** The controls above the graph, and the filter that they make. */
export class Controls {
  readonly filter: Filter = { text: '', user: '', hiddenKinds: new Set(), runtime: false, parents: false };
  private readonly search = byId<HTMLInputElement>('search');
  private readonly user = byId<HTMLSelectElement>('user');
  private readonly kinds = byId('kinds').querySelector('fieldset')!;
  private readonly legend = byId('legend');
  private readonly knownKinds = new Set<string>();

  constructor(onChange: () => void, onEnter: () => void) {
    this.search.addEventListener('input', () => {
      this.filter.text = this.search.value.trim();
      onChange();
    });
    this.search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        onEnter();
      }
    });
    this.user.addEventListener('change', () => {
      this.filter.user = this.user.value;
      onChange();
    });
    for (const name of ['runtime', 'parents'] as const) {
      const box = byId<HTMLInputElement>(name);
      box.addEventListener('change', () => {
        this.filter[name] = box.checked;
        onChange();
      });
    }
    this.kinds.addEventListener('change', (event) => {
      const box = event.target as HTMLInputElement;
      this.filter.hiddenKinds[box.checked ? 'delete' : 'add'](box.value);
      onChange();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === '/' && !(event.target instanceof HTMLInputElement)) {
        event.preventDefault();
        this.search.focus();
      }
    });
  }

  /** Users and kinds that turn up can be chosen from then on. */
  learn(store: Store): void {
    const users = new Set([...this.user.options].map((option) => option.value));
    for (const process of store.processes.values()) {
      if (!users.has(process.user)) {
        users.add(process.user);
        this.user.append(h('option', { value: process.user }, process.user));
      }
    }
    for (const channel of store.channels.values()) {
      if (!this.knownKinds.has(channel.kind)) {
        this.knownKinds.add(channel.kind);
        this.kinds.append(
          h('label', {}, h('input', { type: 'checkbox', value: channel.kind, checked: true }), ` ${channel.kind}`),
        );
        this.legend.append(h('li', { class: `kind-${familyOf(channel.kind)}` }, channel.kind));
      }
    }
  }
}
