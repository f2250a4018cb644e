import { Refusal } from '../server/reply.ts';
import type { Call } from '../server/types.ts';
import type { Issuable } from '../world/review.ts';
import { findUser, type World } from '../world/world.ts';
import { numberOf, sortedBy, textOf, textsOf, timeIn, wordOf } from './given.ts';

type Query = Call['query'];

/** Values of a list, which comes repeated or with commas. */
export function namesIn(value: unknown): string[] {
  return textsOf(value)
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Filters and the order that merge requests and issues share. Source: docs.gitlab.com/api/merge_requests, docs.gitlab.com/api/issues */
export function filterIssuables<Item extends Issuable>(
  world: World,
  items: readonly Item[],
  call: Call,
): Item[] {
  const { query, actor } = call;
  refuseUnmodelled(query);
  const found = items
    .filter(({ state }) => [undefined, 'all', state].includes(textOf(query.state)))
    .filter(({ iid }) => query.iids === undefined || namesIn(query.iids).includes(String(iid)))
    .filter((item) => isBy(world, item.authorId, query.author_id, query.author_username))
    .filter((item) => hasPerson(world, item.assigneeIds, query.assignee_id, query.assignee_username))
    .filter((item) => hasLabels(item, query))
    .filter((item) => matchesSearch(item, query))
    .filter((item) => isWithin(item.createdAt, query.created_after, query.created_before))
    .filter((item) => isWithin(item.updatedAt, query.updated_after, query.updated_before))
    .filter((item) => isInScope(item, textOf(query.scope), actor?.user.id));
  return order(found, query);
}

/** @throws Refusal 501 for what would change the answer and is not modelled */
function refuseUnmodelled(query: Query): void {
  const unmodelled = Object.keys(query).filter(
    (name) =>
      name.startsWith('not') ||
      /^(?:my_reaction_emoji|milestone.*|deployed_.*|environment|weight|epic_id|iteration_.*|health_status|approve[rd].*|issue_type)$/.test(
        name,
      ),
  );
  if (unmodelled.length > 0)
    throw new Refusal(501, {
      error: '501 Not Implemented',
      message: `the twin does not model ${unmodelled.join(', ')}`,
    });
}

export function isBy(world: World, id: number, byId: unknown, byName: unknown): boolean {
  const wanted = numberOf(byId);
  const name = textOf(byName);
  if (wanted !== undefined && wanted !== id) return false;
  return name === undefined || findUser(world, name)?.id === id;
}

/** One of some people; `None` and `Any` are words for a number. */
export function hasPerson(world: World, ids: readonly number[], byId: unknown, byName: unknown): boolean {
  const word = textOf(byId)?.toLowerCase();
  if (word === 'none' || word === '0') return ids.length === 0;
  if (word === 'any') return ids.length > 0;
  const wanted = numberOf(byId);
  if (wanted !== undefined && !ids.includes(wanted)) return false;
  return namesIn(byName).every((name) => ids.includes(findUser(world, name)?.id ?? 0));
}

function hasLabels({ labels }: Issuable, query: Query): boolean {
  const wanted = namesIn(query.labels);
  const [first] = wanted.map((name) => name.toLowerCase());
  if (wanted.length === 1 && first === 'none') return labels.length === 0;
  if (wanted.length === 1 && first === 'any') return labels.length > 0;
  return wanted.every((name) => labels.includes(name));
}

function matchesSearch({ title, description }: Issuable, query: Query): boolean {
  const search = textOf(query.search)?.toLowerCase();
  if (search === undefined) return true;
  const places = query.in === undefined ? ['title', 'description'] : namesIn(query.in);
  return [places.includes('title') ? title : '', places.includes('description') ? description : ''].some(
    (text) => text.toLowerCase().includes(search),
  );
}

function isWithin(time: string, after: unknown, before: unknown): boolean {
  const at = Date.parse(time);
  return (
    at >= (timeIn(after) ?? Number.NEGATIVE_INFINITY) && at <= (timeIn(before) ?? Number.POSITIVE_INFINITY)
  );
}

function isInScope(item: Issuable, scope: string | undefined, user: number | undefined): boolean {
  if (scope === undefined || scope === 'all' || scope === 'reviews_for_me') return true;
  if (user === undefined) return false;
  return scope === 'assigned_to_me' ? item.assigneeIds.includes(user) : item.authorId === user;
}

function order<Item extends Issuable>(items: readonly Item[], query: Query): Item[] {
  const by =
    wordOf(query.order_by, ['created_at', 'updated_at', 'title', 'due_date', 'merged_at']) ?? 'created_at';
  const direction = wordOf(query.sort, ['asc', 'desc']) ?? 'desc';
  const keys = {
    created_at: ({ createdAt }: Item) => createdAt,
    updated_at: ({ updatedAt }: Item) => updatedAt,
    title: ({ title }: Item) => title.toLowerCase(),
    due_date: (item: Item) => textOf('dueDate' in item ? item.dueDate : undefined) ?? '',
    merged_at: (item: Item) => textOf('mergedAt' in item ? item.mergedAt : undefined) ?? '',
  };
  return sortedBy(items, keys[by], direction);
}
