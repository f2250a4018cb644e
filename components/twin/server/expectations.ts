import type { JournalEntry } from './journal.ts';

/** `POST /projects/:id/issues`, or with what else must hold. */
export type Expected =
  | string
  | {
      readonly request: string;
      readonly status?: number;
      readonly actor?: string;
      /** How many of them; `any` may also be none. Default 1. */
      readonly times?: number | 'any';
    };

interface Wanted {
  readonly request: string;
  readonly status: number | undefined;
  readonly actor: string | undefined;
  readonly times: number | 'any';
}

/** Says of every entry nobody expected, and of every expected request that never came, one sentence. */
export function compareWithExpected(
  entries: readonly JournalEntry[],
  expected: readonly Expected[],
): readonly string[] {
  const open = expected.map((one) => ({ wanted: complete(one), seen: 0 }));
  const unexpected: string[] = [];
  for (const entry of entries) {
    const fitting = open.filter(({ wanted }) => fits(entry, wanted));
    const place =
      fitting.find(({ wanted, seen }) => wanted.times !== 'any' && seen < wanted.times) ??
      fitting.find(({ wanted }) => wanted.times === 'any');
    if (place === undefined) unexpected.push(`unexpected: ${describe(entry)}`);
    else place.seen += 1;
  }
  const missing = open.flatMap(({ wanted, seen }) =>
    wanted.times === 'any' || seen === wanted.times
      ? []
      : [
          `never came: ${describeWanted(wanted)}${wanted.times === 1 ? '' : `, ${seen} of ${wanted.times} times`}`,
        ],
  );
  return [...unexpected, ...missing];
}

function complete(expected: Expected): Wanted {
  const one = typeof expected === 'string' ? { request: expected } : expected;
  return { request: one.request, status: one.status, actor: one.actor, times: one.times ?? 1 };
}

function fits({ method, path, route, status, actor }: JournalEntry, wanted: Wanted): boolean {
  const isRequest = wanted.request === `${method} ${path}` || wanted.request === `${method} ${route}`;
  const isStatus = wanted.status === undefined || wanted.status === status;
  return isRequest && isStatus && (wanted.actor === undefined || wanted.actor === actor?.username);
}

function describe({ method, path, status, actor, fault }: JournalEntry): string {
  const who = actor === undefined ? 'nobody signed in' : `${actor.username} with a ${actor.token} token`;
  return `${method} ${path} by ${who}, ${status ?? 'cut'}${fault === undefined ? '' : ` (fault: ${fault})`}`;
}

function describeWanted({ request, status, actor }: Wanted): string {
  return `${request}${actor === undefined ? '' : ` by ${actor}`}${status === undefined ? '' : `, ${status}`}`;
}
