import './style.css';
import { Announcer } from './announcer';
import { byId, setText } from './dom';
import { Controls } from './controls';
import { count } from './format';
import { isMatch, showsProcess } from './filter';
import { History } from './history';
import { Lists } from './lists/lists';
import { GraphView } from './graph/view';
import { buildScene, type SceneNode } from './graph/scene';
import { DetailPage } from './pages/detail';
import { ProcessView } from './pages/process';
import { renderBench } from './pages/bench';
import { renderObject } from './pages/object';
import { currentRoute, objectHash, processHash, type Route } from './routes';
import { Store } from './store';
import { FrameStream, type Connection } from './stream';
import type { Frame, ObjectPage, ProcessPage } from './wire';

const store = new Store();
const history = new History();
const announcer = new Announcer();
const expanded = new Set<string>();
const detail = byId('detail');
const lists = new Lists(byId('lists'));
const controls = new Controls(() => showAll(true), openFirstMatch);
const view = new GraphView(byId<HTMLCanvasElement>('canvas'), choose);
let followed: string | null = null;
let opened: string | null = null;
let processView: ProcessView | null = null;

const processPage = new DetailPage<ProcessPage>(detail, (page) => processView!.render(page), 'This process has ended.');
const objectPage = new DetailPage<ObjectPage>(detail, renderObject, 'Nobody who is shown has this object any more.');

function showAll(structure: boolean): void {
  const { filter } = controls;
  byId('fold').hidden = expanded.size === 0;
  const scene = buildScene(store, filter, { opened, followed, expanded });
  view.show(scene, structure, { opened, followed, searching: filter.text !== '' });
  lists.show(store, filter);
}

function receive(frame: Frame): void {
  const { structure, anything } = store.apply(frame);
  history.add(store);
  processView?.tick();
  if (followed && !store.processes.has(followed)) {
    announcer.say('The process that was followed has ended.');
    follow(null);
  }
  if (anything) {
    controls.learn(store);
    showAll(structure);
    announcer.follow(store);
  }
  const { summary } = store;
  if (summary) {
    setText(byId('where'), `${summary.host}: processes ${summary.scope}`);
    byId('bench-link').hidden = !summary.bench;
    showStatus('connected');
  }
}

function showStatus(connection: Connection): void {
  const { summary } = store;
  const texts: Record<Connection, string> = {
    connected: summary
      ? `${count(store.processes.size, 'process', 'processes')}, ${count(store.channels.size, 'channel')}; looked in ${summary.sweep} ms` +
        (summary.hidden > 0 ? `; of ${summary.hidden} the descriptors may not be looked at` : '') +
        (summary.gaps.length > 0 ? `; not seen: ${summary.gaps.join(', ').replaceAll('_', ' ')}` : '')
      : 'Connected.',
    lost: 'The connection is lost; trying again.',
    paused: 'Paused while the page is in the background.',
    refused: 'The server does not answer to this page any more: open the address that it has printed.',
  };
  document.body.dataset.connection = connection;
  setText(byId('status'), texts[connection]);
  if (connection === 'lost' || connection === 'refused') {
    announcer.say(texts[connection]);
  }
}

function choose(node: SceneNode): void {
  if (node.type === 'group') {
    expanded.add(node.id);
    showAll(true);
  } else {
    window.location.hash = node.type === 'hub' ? objectHash(node.id) : processHash(node.id);
  }
}

// The very one before those that only begin like it.
function openFirstMatch(): void {
  const { filter } = controls;
  const matches = [...store.processes.values()].filter(
    (process) => showsProcess(filter, process) && isMatch(filter, process),
  );
  const found =
    matches.find((process) => String(process.pid) === filter.text) ??
    matches.find((process) => process.name === filter.text) ??
    matches[0];
  if (found) {
    window.location.hash = processHash(found.key);
    view.centre(found.key);
  } else {
    announcer.say('Nothing was found.');
  }
}

function follow(key: string | null): void {
  followed = key;
  byId('unfollow').hidden = key === null;
  document.getElementById('follow')?.setAttribute('aria-pressed', String(key !== null && key === opened));
  showAll(false);
}

function openProcess(key: string): void {
  opened = key;
  history.follow(key);
  processView = new ProcessView(
    history,
    () => followed === key,
    () => follow(followed === key ? null : key),
    Math.max(byId('lists').clientWidth / 2 - 20, 180),
  );
  void processPage.open(`/api/process/${encodeURIComponent(key)}`);
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'process':
      return `process ${route.key.split('-')[0]} — isthmus`;
    case 'object':
      return `${route.id} — isthmus`;
    case 'bench':
      return 'bench report — isthmus';
    case 'home':
      return 'isthmus';
  }
}

function openRoute(): void {
  const route = currentRoute();
  processPage.close();
  objectPage.close();
  processView?.dispose();
  processView = null;
  document.title = titleOf(route);
  const wasDetailed = opened !== null || !detail.hidden;
  opened = null;
  byId('graph').hidden = route.page === 'bench';
  byId('lists').hidden = route.page !== 'home';
  byId('bench').hidden = route.page !== 'bench';
  detail.hidden = route.page !== 'process' && route.page !== 'object';
  switch (route.page) {
    case 'process':
      openProcess(route.key);
      break;
    case 'object':
      void objectPage.open(`/api/object?id=${encodeURIComponent(route.id)}`);
      break;
    case 'bench':
      void renderBench(Math.min(window.innerWidth - 60, 1000)).then((content) =>
        byId('bench').replaceChildren(...content),
      );
      break;
    case 'home':
      if (wasDetailed) {
        byId('lists').focus();
      }
  }
  showAll(false);
}

byId('zoom-in').addEventListener('click', () => view.zoomBy(1.3));
byId('zoom-out').addEventListener('click', () => view.zoomBy(1 / 1.3));
byId('fit').addEventListener('click', () => view.fit());
byId('unfollow').addEventListener('click', () => follow(null));
byId('fold').addEventListener('click', () => {
  expanded.clear();
  showAll(true);
});
window.addEventListener('hashchange', openRoute);
openRoute();
new FrameStream(receive, showStatus).open();
