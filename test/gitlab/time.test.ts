import { describe, expect, test } from 'vitest';
import { path } from '../../components/gitlab/path.ts';
import { json } from '../../components/gitlab/read-body.ts';
import type { ApiRequest } from '../../components/gitlab/types.ts';
import { connect, quickClock, rejection, sendJson, serve } from './harness.ts';

const get: ApiRequest<unknown> = { method: 'GET', path: path`user`, read: json((data) => data) };

describe('time', () => {
  test('of an attempt that is up starts the next', async () => {
    const server = await serve((_, response, count) => {
      if (count > 0) sendJson(response, 200, { count });
    });
    const { gitlab } = connect(server.origin, { timeouts: { attempt: 300 } });
    expect((await gitlab.request(get)).data).toEqual({ count: 1 });
  });

  test('counts the body too, which may trickle', async () => {
    const server = await serve((_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    });
    const { gitlab } = connect(server.origin, { timeouts: { attempt: 300 } });
    const error = await rejection(gitlab.request({ ...get, replay: 'never' }));
    expect(error.code).toBe('GITLAB_TIMEOUT');
    expect(error.message).toContain('no whole answer within 300 ms');
  });

  test('in all ends the attempts', async () => {
    const server = await serve((_, response) => sendJson(response, 503, {}, { 'retry-after': '4' }));
    const { gitlab, slept } = connect(server.origin, { timeouts: { total: 10_000 } });
    expect((await rejection(gitlab.request(get))).code).toBe('GITLAB_SERVER_ERROR');
    expect(slept).toHaveLength(2);
  });

  test('of the job that is over sends nothing', async () => {
    const server = await serve((_, response) => sendJson(response, 200, {}));
    const { gitlab } = connect(server.origin, { deadline: Date.now() - 1 });
    const error = await rejection(gitlab.request(get));
    expect(error.code).toBe('GITLAB_TIMEOUT');
    expect(error.message).toContain('the job is about to end');
    expect(server.seen).toEqual([]);
  });
});

describe('cancellation', () => {
  test('ends a request that waits for its answer, with the reason of the cancellation', async () => {
    const cancel = new AbortController();
    const server = await serve(() => cancel.abort('SIGTERM'));
    const { gitlab } = connect(server.origin, {}, { cancel: cancel.signal });
    await expect(gitlab.request(get)).rejects.toBe('SIGTERM');
    expect(server.seen).toHaveLength(1);
  });

  test('ends the wait for the next attempt', async () => {
    const cancel = new AbortController();
    const server = await serve((_, response) => sendJson(response, 503, {}, { 'retry-after': '60' }));
    const { clock } = quickClock();
    const sleep = () => {
      cancel.abort('SIGINT');
      return Promise.reject(cancel.signal.reason);
    };
    const port = { clock: { ...clock, sleep }, cancel: cancel.signal };
    await expect(connect(server.origin, {}, port).gitlab.request(get)).rejects.toBe('SIGINT');
  });

  test('before the request sends nothing', async () => {
    const server = await serve((_, response) => sendJson(response, 200, {}));
    const { gitlab } = connect(server.origin, {}, { cancel: AbortSignal.abort('SIGHUP') });
    await expect(gitlab.request(get)).rejects.toBe('SIGHUP');
    expect(server.seen).toEqual([]);
  });
});

describe('the pace of notes', () => {
  const note = (body: string): ApiRequest<unknown> => ({
    method: 'POST',
    path: path`projects/${7}/merge_requests/${1}/notes`,
    body: { json: { body } },
    read: json((data) => data),
  });

  test('is 60 a minute, discussions and replies included; reading is free', async () => {
    const server = await serve((_, response) => sendJson(response, 201, {}));
    const { gitlab, slept } = connect(server.origin);
    for (let number = 0; number < 58; number += 1) await gitlab.request(note(`${number}`));
    await gitlab.request({ ...note('thread'), path: path`projects/${7}/merge_requests/${1}/discussions` });
    await gitlab.request({
      ...note('reply'),
      path: path`projects/${7}/merge_requests/${1}/discussions/${'d1'}/notes`,
    });
    await gitlab.request({ ...get, path: path`projects/${7}/merge_requests/${1}/notes` });
    expect(slept).toEqual([]);
    await gitlab.request(note('61'));
    expect(slept).toHaveLength(1);
    expect(slept[0]).toBeGreaterThan(30_000);
    expect(slept[0]).toBeLessThanOrEqual(60_000);
  });

  test('is cancelled like all waiting', async () => {
    const server = await serve((_, response) => sendJson(response, 201, {}));
    const cancel = new AbortController();
    const { clock } = quickClock();
    const sleep = () => Promise.reject(new Error('cancelled'));
    const port = { clock: { ...clock, sleep }, cancel: cancel.signal };
    const { gitlab } = connect(server.origin, {}, port);
    for (let number = 0; number < 60; number += 1) await gitlab.request(note(`${number}`));
    await expect(gitlab.request(note('61'))).rejects.toThrow('cancelled');
    expect(server.seen).toHaveLength(60);
  });
});
