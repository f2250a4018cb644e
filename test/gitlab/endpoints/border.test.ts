import { describe, expect, test } from 'vitest';
import { readFile } from '../../../components/gitlab/endpoints/files.ts';
import { getLatestPipeline, getPipeline } from '../../../components/gitlab/endpoints/pipelines.ts';
import { getRelease, listReleases } from '../../../components/gitlab/endpoints/releases.ts';
import { connect, quickClock, rejection, sendJson, serve } from '../harness.ts';
import { startScene } from './scene.ts';

describe('an answer that GitLab cannot have meant', () => {
  test.each(['html', 'truncated'] as const)('(%s) is asked for again', async (how) => {
    const { bot, project, api, pipeline } = await startScene();
    api.faults.add({ what: { kind: 'malformed', how } });
    expect((await getPipeline(bot, { project, pipeline: pipeline.id })).id).toBe(pipeline.id);
  });

  test.each([
    ['getPipeline', (at: Parameters<typeof getPipeline>[0]) => getPipeline(at, { project: 1, pipeline: 1 })],
    ['getRelease', (at: Parameters<typeof getRelease>[0]) => getRelease(at, { project: 1, tag: '1.0.0' })],
    ['listReleases', (at: Parameters<typeof getRelease>[0]) => listReleases(at, { project: 1 })],
  ])('that stays so fails %s with the place that is wrong', async (_, call) => {
    const server = await serve((_request, response) => sendJson(response, 200, { id: 1, tag_name: 7 }));
    const { gitlab } = connect(server.origin);
    const failure = await rejection(call(gitlab));
    expect(failure.code).toBe('GITLAB_MALFORMED');
    expect(failure.message).toMatch(/the answer(\.\w+)?: expected/);
  });
});

describe('what would ask for something else is not sent', () => {
  const never = async () => {
    const server = await serve((_, response) => sendJson(response, 200, {}));
    return { server, gitlab: connect(server.origin, {}, quickClock()).gitlab };
  };

  test.each([
    ['a number that is no id', { project: 1, pipeline: Number.NaN }],
    ['an id of 0', { project: 1, pipeline: 0 }],
    ['a project without a name', { project: '', pipeline: 1 }],
    ['a step upwards', { project: '..', pipeline: 1 }],
  ])('%s', async (_, input) => {
    const { server, gitlab } = await never();
    await expect(async () => getPipeline(gitlab, input)).rejects.toThrow(TypeError);
    expect(server.seen).toEqual([]);
  });

  test("a step upwards in what gitbeaker sends, which doesn't mind", async () => {
    const { server, gitlab } = await never();
    await expect(getRelease(gitlab, { project: 1, tag: '..' })).rejects.toThrow(TypeError);
    expect(server.seen).toEqual([]);
  });

  test('an empty parameter, which GitLab takes for none', async () => {
    const { server, gitlab } = await never();
    await expect(async () => getLatestPipeline(gitlab, { project: 1, ref: '' })).rejects.toThrow(
      '"ref" is empty',
    );
    expect(server.seen).toEqual([]);
  });

  test('slashes and dots of names stay within their part of the path', async () => {
    const { server, gitlab } = await never();
    await readFile(gitlab, { project: 'a/b', file: '../x/%2e', ref: 'a/b?c' });
    expect(server.seen[0]?.url).toBe(
      '/api/v4/projects/a%2Fb/repository/files/..%2Fx%2F%252e/raw?ref=a%2Fb%3Fc',
    );
  });
});
