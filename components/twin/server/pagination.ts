import { invalidParameter, Refusal } from './reply.ts';

type Query = Readonly<Record<string, string | readonly string[]>>;

export interface Page {
  readonly items: readonly unknown[];
  readonly headers: Readonly<Record<string, string>>;
}

/** GitLab counts no further; beyond, the totals and the last page are not told. */
const maxCounted = 10_000;
const maxPerPage = 100;

/**
 * Cuts the asked page out of a list. Source: docs.gitlab.com/api/rest, "Pagination".
 *
 * @param address - of the request with its query, absolute
 */
export function paginate(list: readonly unknown[], query: Query, address: URL): Page {
  const perPage = Math.min(positive(query, 'per_page', 20), maxPerPage);
  return query.pagination === 'keyset'
    ? keysetPage(list, query, address, perPage)
    : offsetPage(list, positive(query, 'page', 1), perPage, address);
}

function positive(query: Query, name: string, fallback: number): number {
  const given = query[name];
  if (given === undefined) return fallback;
  if (typeof given !== 'string' || !/^-?\d{1,9}$/.test(given)) throw invalidParameter(`${name} is invalid`);
  const value = Number(given);
  return value < 1 ? fallback : value;
}

function offsetPage(list: readonly unknown[], page: number, perPage: number, address: URL): Page {
  const pages = Math.max(1, Math.ceil(list.length / perPage));
  const next = page < pages ? page + 1 : undefined;
  const previous = page > 1 && page <= pages + 1 ? page - 1 : undefined;
  const counted = list.length <= maxCounted;
  const to = (number: number) => withQuery(address, { page: `${number}`, per_page: `${perPage}` });
  const links = [
    ...(previous === undefined ? [] : [link(to(previous), 'prev')]),
    ...(next === undefined ? [] : [link(to(next), 'next')]),
    link(to(1), 'first'),
    ...(counted ? [link(to(pages), 'last')] : []),
  ];
  return {
    items: list.slice((page - 1) * perPage, page * perPage),
    headers: {
      link: links.join(', '),
      'x-page': `${page}`,
      'x-per-page': `${perPage}`,
      'x-next-page': `${next ?? ''}`,
      'x-prev-page': `${previous ?? ''}`,
      ...(counted ? { 'x-total': `${list.length}`, 'x-total-pages': `${pages}` } : {}),
    },
  };
}

/** By the numbers of the items, newest first unless `sort=asc`; only the next page is told. */
function keysetPage(list: readonly unknown[], query: Query, address: URL, perPage: number): Page {
  const orderedBy = query.order_by ?? 'id';
  const numbered = list.flatMap((item) => (hasId(item) ? [item] : []));
  if (orderedBy !== 'id' || numbered.length !== list.length)
    throw new Refusal(405, { error: 'Keyset pagination is not yet available for this type of request' });
  const ascending = query.sort === 'asc';
  const border = ascending ? 'id_after' : 'id_before';
  const from = query[border] === undefined ? undefined : positive(query, border, 0);
  const rest = numbered
    .filter(({ id }) => from === undefined || (ascending ? id > from : id < from))
    .sort((a, b) => (ascending ? a.id - b.id : b.id - a.id));
  const items = rest.slice(0, perPage);
  const last = items.at(-1);
  const hasMore = rest.length > items.length && last !== undefined;
  const next = hasMore ? withQuery(address, { per_page: `${perPage}`, [border]: `${last.id}` }) : undefined;
  return { items, headers: next === undefined ? {} : { link: link(next, 'next') } };
}

function hasId(item: unknown): item is { readonly id: number } {
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'number';
}

function withQuery(address: URL, change: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  // A link is for passing on and for logs.
  for (const secret of ['private_token', 'job_token']) url.searchParams.delete(secret);
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value);
  return url.href;
}

function link(url: string, relation: string): string {
  return `<${url}>; rel="${relation}"`;
}
