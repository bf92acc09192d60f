import { count } from '../format';
import { h, setText } from '../dom';

export interface Column<T> {
  name: string;
  isNumber?: boolean;
  text: (item: T) => string;
  /** What it is sorted by, if not by its text. */
  sort?: (item: T) => number | string;
  /** Where a click leads. */
  link?: (item: T) => string;
}

const rowsAtFirst = 300;

/** A table that can be sorted, and in which only what has changed is touched: focus and selection stay. */
export class Table<T> {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, HTMLTableRowElement>();
  private readonly body = h('tbody');
  private readonly heads: HTMLTableCellElement[];
  private readonly more = h('button', { type: 'button', class: 'more', hidden: true, click: () => this.showAll() });
  private readonly empty = h('p', { class: 'faint', hidden: true });
  private sorted = 0;
  private descending = false;
  private limit = rowsAtFirst;
  private items: T[] = [];

  constructor(
    caption: string,
    private readonly columns: readonly Column<T>[],
    private readonly keyOf: (item: T) => string,
    private readonly classOf: (item: T) => string,
  ) {
    this.heads = columns.map((column, index) =>
      h(
        'th',
        { scope: 'col', class: column.isNumber ? 'number' : null },
        h('button', { type: 'button', click: () => this.sortBy(index) }, column.name),
      ),
    );
    this.element = h(
      'div',
      { class: 'table' },
      h('table', {}, h('caption', { class: 'hidden' }, caption), h('thead', {}, h('tr', {}, ...this.heads)), this.body),
      this.empty,
      this.more,
    );
    this.markSorted();
  }

  show(items: T[], nothing: string): void {
    this.items = items;
    const shown = this.order(items).slice(0, this.limit);
    const wanted = new Set(shown.map(this.keyOf));
    for (const [key, row] of this.rows) {
      if (!wanted.has(key)) {
        row.remove();
        this.rows.delete(key);
      }
    }
    shown.forEach((item, index) => this.place(item, index));
    this.more.hidden = items.length <= this.limit;
    setText(this.more, `Show all ${items.length}`);
    this.empty.hidden = items.length > 0;
    setText(this.empty, nothing);
  }

  get summary(): string {
    return count(this.items.length, 'row');
  }

  private place(item: T, index: number): void {
    const key = this.keyOf(item);
    let row = this.rows.get(key);
    if (!row) {
      row = this.createRow(item);
      this.rows.set(key, row);
    }
    const name = this.classOf(item);
    if (row.className !== name) {
      row.className = name;
    }
    this.columns.forEach((column, at) => {
      const cell = row.cells[at]!;
      setText(cell.firstElementChild ?? cell, column.text(item));
    });
    // Moved only when it is out of place: who moves an element takes its focus away.
    if (this.body.rows[index] !== row) {
      this.body.insertBefore(row, this.body.rows[index] ?? null);
    }
  }

  private createRow(item: T): HTMLTableRowElement {
    return h(
      'tr',
      {},
      ...this.columns.map((column) => {
        const cell = h('td', { class: column.isNumber ? 'number' : null });
        if (column.link) {
          cell.append(h('a', { href: column.link(item) }));
        }
        return cell;
      }),
    );
  }

  private order(items: T[]): T[] {
    const column = this.columns[this.sorted]!;
    const value = column.sort ?? column.text;
    const sign = this.descending ? -1 : 1;
    return items
      .map((item) => ({ item, value: value(item) }))
      .sort((one, other) => sign * compare(one.value, other.value))
      .map((each) => each.item);
  }

  private sortBy(index: number): void {
    this.descending = this.sorted === index ? !this.descending : this.columns[index]!.isNumber === true && index > 0;
    this.sorted = index;
    this.markSorted();
    this.show(this.items, this.empty.textContent);
  }

  private markSorted(): void {
    this.heads.forEach((head, index) =>
      index === this.sorted
        ? head.setAttribute('aria-sort', this.descending ? 'descending' : 'ascending')
        : head.removeAttribute('aria-sort'),
    );
  }

  private showAll(): void {
    this.limit = Infinity;
    this.show(this.items, this.empty.textContent);
  }
}

const collator = new Intl.Collator('en', { numeric: true });

function compare(one: number | string, other: number | string): number {
  return typeof one === 'number' && typeof other === 'number'
    ? one - other
    : collator.compare(String(one), String(other));
}
