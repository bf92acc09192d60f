import type { ObjectPage, User } from '../wire';
import { h } from '../dom';
import { facts, heading, userLink } from './parts';

/** One object with all its users. */
export function renderObject(page: ObjectPage): Node[] {
  return [
    heading(page.name ? `${page.kind} ${page.name}` : page.id),
    facts([{ label: 'id', value: page.id }, ...page.facts]),
    h('h3', {}, 'Users'),
    users(page.users),
    ...(page.otherEnd.length > 0 ? [h('h3', {}, 'At the other end'), users(page.otherEnd)] : []),
    ...(page.watches.length > 0 ? [h('h3', {}, 'Watches'), facts(page.watches)] : []),
  ];
}

function users(list: readonly User[]): HTMLElement {
  return list.length === 0
    ? h('p', { class: 'faint' }, 'Nobody who can be seen.')
    : h('ul', {}, ...list.map((user) => h('li', {}, userLink(user))));
}
