import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../components/twin/server/faults.ts';
import { randomFaults } from '../../../components/twin/server/random-faults.ts';
import type { Route } from '../../../components/twin/server/types.ts';
import { startApi } from './harness.ts';

const open = { role: 'anyone', anonymous: true } as const;

async function startCounter() {
  const state = { count: 0 };
  const routes: Route[] = [
    { method: 'GET', path: '/count', access: open, handle: () => ({ json: { count: state.count } }) },
    {
      ...{ method: 'POST', path: '/count/:by', access: open },
      handle: ({ params }) => {
        state.count += Number(params.by);
        return { json: { count: state.count } };
      },
    },
  ];
  const api = await startApi({ routes });
  return { ...api, state };
}

const outcomes = async (call: () => Promise<{ readonly status: number }>, times: number) => {
  const seen: (number | 'cut')[] = [];
  for (let index = 0; index < times; index += 1)
    seen.push(
      await call().then(
        ({ status }) => status,
        () => 'cut' as const,
      ),
    );
  return seen;
};

describe('a fault', () => {
  test.each([
    [429, 'Retry later\n'],
    [500, '{"message":"500 Internal Server Error"}'],
    [502, expect.stringContaining('502 Bad Gateway')],
    [503, expect.stringContaining('503 Service')],
  ] as const)('answers %i before the handler runs', async (status, text) => {
    const { call, faults, state } = await startCounter();
    faults.add({ what: { kind: 'status', status, retryAfter: 7 } });
    const answer = await call('POST', '/count/1');
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(state.count).toBe(0);
  });

  test('hides a success behind 502', async () => {
    const { call, faults, state, journal } = await startCounter();
    faults.add({ match: { method: 'POST' }, what: { kind: 'after' } });
    expect((await call('POST', '/count/1')).status).toBe(502);
    expect(state.count).toBe(1);
    expect(journal.entries).toMatchObject([{ status: 502, fault: 'after' }]);
  });

  test.each([
    ['before', 0, undefined],
    ['after', 1, undefined],
    ['middle', 1, 201],
  ] as const)('cuts the connection: %s', async (when, count, status) => {
    const { call, faults, state, journal } = await startCounter();
    faults.add({ what: { kind: 'cut', when } });
    await expect(call('POST', '/count/1')).rejects.toThrow();
    expect(state.count).toBe(count);
    expect(journal.entries).toMatchObject([{ status, fault: `cut ${when}`, error: undefined }]);
    expect((await call('POST', '/count/1')).status).toBe(201);
  });

  test('lets a request wait', async () => {
    const { call, faults } = await startCounter();
    faults.add({ what: { kind: 'slow', milliseconds: 60 } });
    const start = performance.now();
    expect((await call('GET', '/count')).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(50);
  });

  test('answers what was true before', async () => {
    const { call, faults, state } = await startCounter();
    faults.add({ match: { path: '/count' }, what: { kind: 'stale' } });
    expect((await call('GET', '/count')).json).toEqual({ count: 0 });
    state.count = 5;
    expect((await call('GET', '/count?other=1')).json).toEqual({ count: 5 });
    expect((await call('GET', '/count', { token: 'glpat-another-user' })).status).toBe(401);
    expect((await call('GET', '/count')).json).toEqual({ count: 0 });
    expect((await call('GET', '/count')).json).toEqual({ count: 5 });
  });

  test('sends what is no JSON', async () => {
    const { call, url, faults } = await startCounter();
    faults.add({ what: { kind: 'malformed', how: 'html' } });
    faults.add({ what: { kind: 'malformed', how: 'truncated' } });
    const html = await call('GET', '/count');
    expect(html).toMatchObject({ status: 200, text: expect.stringContaining('<html>') });
    const half = await fetch(`${url}/api/v4/count`);
    await expect(half.json()).rejects.toThrow(SyntaxError);
  });

  test('meets what it is for, in order and as often as it says', async () => {
    const { call, faults } = await startCounter();
    faults.add({
      ...{ match: { route: '/count/:by', path: /\/2$/ }, skip: 1, times: 2 },
      what: { kind: 'status', status: 503 },
    });
    faults.add({ match: { method: 'POST' }, what: { kind: 'status', status: 500 } });
    expect(await outcomes(() => call('POST', '/count/2'), 5)).toEqual([500, 503, 503, 201, 201]);
    expect(faults.pending()).toEqual([]);
  });

  test('that never came is still pending, until all are cleared', async () => {
    const { call, faults } = await startCounter();
    faults.add({ match: { method: 'DELETE' }, what: { kind: 'after' } });
    await call('GET', '/count');
    expect(faults.pending()).toHaveLength(1);
    faults.clear();
    expect(faults.pending()).toEqual([]);
  });
});

describe('random faults', () => {
  const effects: Effect[] = [
    { kind: 'status', status: 502 },
    { kind: 'after' },
    { kind: 'cut', when: 'after' },
  ];
  const run = async (seed: number) => {
    const { call, faults } = await startCounter();
    faults.follow(randomFaults(seed, { rate: 0.6, effects, mostInRow: 2, methods: ['POST'] }));
    expect(await outcomes(() => call('GET', '/count'), 5)).toEqual([200, 200, 200, 200, 200]);
    return outcomes(() => call('POST', '/count/1'), 30);
  };

  test('are the same for the same seed', async () => {
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(new Set(first)).toEqual(new Set([201, 502, 'cut']));
  });

  test('let every third request through', async () => {
    const seen = await run(3);
    const inRow = seen
      .join(' ')
      .split('201')
      .map((run) => run.trim().split(' ').filter(Boolean).length);
    expect(Math.max(...inRow)).toBe(2);
  });
});
