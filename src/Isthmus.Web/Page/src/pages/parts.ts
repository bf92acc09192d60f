import type { Fact, User } from '../wire';
import { h } from '../dom';
import { processHash } from '../routes';

/** A heading that can be jumped to when its page opens. */
export function heading(text: string): HTMLElement {
  return h('h2', { tabindex: -1, 'data-focus': 'heading' }, text);
}

export function facts(list: readonly Fact[]): HTMLElement {
  return h('dl', {}, ...list.flatMap((fact) => [h('dt', {}, fact.label), h('dd', {}, fact.value)]));
}

export function userText(user: User): string {
  const descriptor = user.descriptor === null ? '' : `:${user.descriptor}`;
  return `${user.pid}${descriptor} ${user.name} ${verb(user)}`.trimEnd();
}

export function userLink(user: User): HTMLElement {
  return h('a', { href: processHash(user.key) }, userText(user));
}

export function simpleTable(
  caption: string,
  heads: readonly string[],
  rows: readonly (Node | string)[][],
): HTMLElement {
  return h(
    'div',
    { class: 'table' },
    h(
      'table',
      {},
      h('caption', { class: 'hidden' }, caption),
      h('thead', {}, h('tr', {}, ...heads.map((head) => h('th', { scope: 'col' }, head)))),
      h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell))))),
    ),
  );
}

function verb(user: User): string {
  switch (user.relation) {
    case 'open':
      return { r: 'reads', w: 'writes', rw: 'reads and writes' }[user.access ?? ''] ?? 'has it open';
    case 'takes_part':
      return 'takes part';
    default:
      return user.relation;
  }
}
