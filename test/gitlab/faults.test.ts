import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { path } from '../../components/gitlab/path.ts';
import { json } from '../../components/gitlab/read-body.ts';
import type { ApiRequest, Method } from '../../components/gitlab/types.ts';
import { connect, type Seen, sendJson, serve } from './harness.ts';

/** What goes wrong with a request; `after` GitLab has done what it asked for. */
const faults = [
  'none',
  '429',
  '429 with Retry-After',
  '502 before',
  '502 after',
  '503 before',
  'cut before',
  'cut after',
  'half an answer',
  'no JSON',
] as const;
type Fault = (typeof faults)[number];

interface Issue {
  readonly title: string;
}

/** A list of issues that things go wrong with, in the order of the schedule, and then no more. */
async function faultyIssues() {
  const state = { issues: [] as Issue[], schedule: [] as Fault[] };
  const perform = ({ method, body, url }: Seen): unknown => {
    const title = decodeURIComponent(url.split('/').at(-1) ?? '');
    if (method === 'GET') return state.issues;
    state.issues = method === 'POST' ? state.issues : state.issues.filter((issue) => issue.title !== title);
    if (method === 'DELETE') return {};
    const issue = JSON.parse(body) as Issue;
    state.issues.push(issue);
    return issue;
  };
  const server = await serve((request, response) => {
    server.seen.length = 0;
    answer(state.schedule.shift() ?? 'none', () => perform(request), response);
  });
  return { state, gitlab: connect(server.origin).gitlab };
}

function answer(fault: Fault, perform: () => unknown, response: ServerResponse): void {
  if (fault === '429') sendJson(response, 429, { message: 'Retry later' });
  else if (fault === '429 with Retry-After') sendJson(response, 429, {}, { 'retry-after': '1' });
  else if (fault === '502 before') sendJson(response, 502, {});
  else if (fault === '503 before') sendJson(response, 503, {});
  else if (fault === 'cut before') response.destroy();
  else {
    const data = perform();
    const text = JSON.stringify(data);
    if (fault === 'none') sendJson(response, 200, data);
    else if (fault === '502 after') sendJson(response, 502, {});
    else if (fault === 'cut after') response.destroy();
    else if (fault === 'no JSON') response.end('<html><title>Waiting</title>');
    else {
      response.writeHead(200, { 'content-length': String(text.length + 10) });
      response.write(text, () => response.destroy());
    }
  }
}

const issues: ApiRequest<Issue[]> = {
  method: 'GET',
  path: path`projects/${7}/issues`,
  read: json((data) => {
    if (!Array.isArray(data)) throw new TypeError('expected a list');
    return data as Issue[];
  }),
};
const anIssue = json((data) => {
  if (typeof (data as Partial<Issue> | undefined)?.title !== 'string')
    throw new TypeError('expected an issue');
  return data as Issue;
});
const title = 'marker';
const post: ApiRequest<Issue> = {
  method: 'POST',
  path: path`projects/${7}/issues`,
  body: { json: { title } },
  read: anIssue,
};
const runs = { numRuns: 300 };

test('no schedule of faults loses or doubles a POST that can be found again', async () => {
  const { state, gitlab } = await faultyIssues();
  const find = async () => (await gitlab.request(issues)).data.find((issue) => issue.title === title);
  await fc.assert(
    // At most five in all: a sixth attempt is there, whoever of the two requests they fall upon.
    fc.asyncProperty(fc.array(fc.constantFrom(...faults), { maxLength: 5 }), async (schedule) => {
      Object.assign(state, { issues: [], schedule: [...schedule] });
      const { data } = await gitlab.request({ ...post, replay: { found: find } });
      expect(data).toEqual({ title });
      expect(state.issues).toEqual([{ title }]);
    }),
    { numRuns: 1_000 },
  );
});

test('nor doubles it where the faults go on', async () => {
  const { state, gitlab } = await faultyIssues();
  const find = async () => (await gitlab.request(issues)).data.find((issue) => issue.title === title);
  const always = fc.array(fc.constantFrom(...faults), { minLength: 20, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(always, async (schedule) => {
      Object.assign(state, { issues: [], schedule: [...schedule] });
      const succeeded = await gitlab.request({ ...post, replay: { found: find } }).then(
        () => true,
        () => false,
      );
      expect(state.issues.length).toBeLessThanOrEqual(1);
      if (succeeded) expect(state.issues).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

test('a POST that cannot be found again is sent once more only where it was surely not done', async () => {
  const { state, gitlab } = await faultyIssues();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...faults), { maxLength: 5 }), async (schedule) => {
      Object.assign(state, { issues: [], schedule: [...schedule] });
      const succeeded = await gitlab.request(post).then(
        () => true,
        () => false,
      );
      const decisive = schedule.find((fault) => !fault.startsWith('429')) ?? 'none';
      expect(succeeded).toBe(decisive === 'none');
      expect(state.issues).toHaveLength(/before/.test(decisive) ? 0 : 1);
    }),
    runs,
  );
});

test('PUT and DELETE reach their end whatever happens on the way', async () => {
  const { state, gitlab } = await faultyIssues();
  const method = fc.constantFrom<Method>('PUT', 'DELETE');
  await fc.assert(
    fc.asyncProperty(
      method,
      fc.array(fc.constantFrom(...faults), { maxLength: 5 }),
      async (verb, schedule) => {
        Object.assign(state, { issues: [{ title }], schedule: [...schedule] });
        const read = verb === 'PUT' ? anIssue : json(() => undefined);
        const body = verb === 'PUT' ? { body: { json: { title } } } : {};
        await gitlab.request<unknown>({
          method: verb,
          path: path`projects/${7}/issues/${title}`,
          read,
          ...body,
        });
        expect(state.issues).toEqual(verb === 'PUT' ? [{ title }] : []);
      },
    ),
    runs,
  );
});
