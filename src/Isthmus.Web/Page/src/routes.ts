/** Which page is open stands behind the # of the address. */
export type Route =
  { page: 'home' } | { page: 'process'; key: string } | { page: 'object'; id: string } | { page: 'bench' };

export function currentRoute(): Route {
  const [, page, id] = window.location.hash.split('/');
  if (page === 'process' && id) {
    return { page, key: decodeURIComponent(id) };
  }
  if (page === 'object' && id) {
    return { page, id: decodeURIComponent(id) };
  }
  return page === 'bench' ? { page } : { page: 'home' };
}

export function processHash(key: string): string {
  return `#/process/${encodeURIComponent(key)}`;
}

export function objectHash(id: string): string {
  return `#/object/${encodeURIComponent(id)}`;
}
