import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { routesWithoutSchema } from '../../../components/twin/server/check-request.ts';
import { parseOpenApi } from '../../../components/twin/server/openapi.ts';
import type { Method, Route } from '../../../components/twin/server/types.ts';
import { workspace } from '../../support/workspace.ts';
import { startApi } from './harness.ts';
import { echo } from './routes.ts';

const open = { role: 'anyone', anonymous: true } as const;

const document = `
openapi: 3.0.0
paths:
  /api/v4/projects/{id}/merge_requests/{noteable_id}/notes:
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { oneOf: [{ type: string }, { type: integer }] } }
        - { name: noteable_id, in: path, required: true, schema: { type: integer } }
        - { name: sort, in: query, schema: { type: string, enum: [asc, desc], nullable: true } }
        - { name: iids, in: query, style: form, explode: false, schema: { type: array, items: { type: integer } } }
        - { name: 'not[labels]', in: query, schema: { type: array, items: { type: string } } }
        - { name: created_after, in: query, schema: { type: string, format: date-time } }
        - { name: active, in: query, schema: { type: boolean } }
    post:
      parameters:
        - { name: id, in: path, required: true, schema: { oneOf: [{ type: string }, { type: integer }] } }
        - { name: noteable_id, in: path, required: true, schema: { type: integer } }
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: '#/components/schemas/NewNote' }
  /api/v4/projects/{id}/(ref/{ref}/)trigger/pipeline:
    post:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: ref, in: path, required: true, schema: { type: string } }
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                token: { type: string, nullable: true }
                variables: { type: object, nullable: true }
              required: [token]
  /api/v4/projects/{id}/wikis/{slug}:
    delete: { responses: {} }
components:
  schemas:
    NewNote:
      type: object
      required: [body]
      properties:
        body: { type: string, nullable: true }
        internal: { type: boolean, nullable: true }
        labels: { type: array, items: { type: string } }
        position:
          type: object
          required: [position_type]
          properties:
            position_type: { type: string, enum: [text, file] }
            new_line: { type: integer, nullable: true }
`;

const notes = '/projects/:id/merge_requests/:merge_request_iid/notes';
const hooks: Route = {
  ...echo('POST', '/hooks/:hook_id', open),
  schema: {
    source: 'docs.gitlab.com/api/project_webhooks',
    query: { dry: { type: 'boolean' }, 'filter[scope]': { type: 'string' } },
    body: { type: 'object', required: ['url'], properties: { url: { type: 'string' } } },
  },
};
const trigger = '/projects/:id/trigger/pipeline';
const routes = [echo('GET', notes, open), echo('POST', notes, open), echo('POST', trigger, open), hooks];

/** Without a project that must be there, so that the request alone decides. */
function anywhere(route: Route): Route {
  return { ...route, path: route.path.replace('/projects/:id', '/projects/:project') };
}

const free = routes.map(anywhere);

function startStrict() {
  return startApi({
    routes: free,
    openApiFile: join(workspace({ 'openapi.yaml': document }), 'openapi.yaml'),
  });
}

describe('a request that GitLab describes passes', () => {
  test.each<[string, Method, string, object?]>([
    ['with its parameters', 'GET', '/projects/1/merge_requests/1/notes?sort=asc&active=1'],
    ['with a list in commas', 'GET', '/projects/g%2Fp/merge_requests/1/notes?iids=1,2'],
    ['with a list in brackets', 'GET', '/projects/1/merge_requests/1/notes?iids[]=1&iids[]=2&not[labels]=a'],
    [
      'with pages and tokens',
      'GET',
      '/projects/1/merge_requests/1/notes?page=1&per_page=2&pagination=keyset',
    ],
    ['with a time', 'GET', '/projects/1/merge_requests/1/notes?created_after=2026-11-21T03:00:00Z'],
    ['with JSON', 'POST', '/projects/1/merge_requests/1/notes', { json: { body: 'x', internal: true } }],
    ['with a form', 'POST', '/projects/1/merge_requests/1/notes', { form: { body: '7', internal: 'true' } }],
    [
      'with nested values',
      'POST',
      '/projects/1/merge_requests/1/notes',
      { form: { body: 'x', 'position[position_type]': 'text', 'position[new_line]': '7', labels: 'a,b' } },
    ],
    ['with a body in the query', 'POST', '/projects/1/merge_requests/1/notes?body=x'],
    [
      'with an optional part of the path left out',
      'POST',
      '/projects/1/trigger/pipeline?ref=main',
      { form: { token: 't', 'variables[A]': 'b' } },
    ],
    ['with an object in the query', 'POST', '/projects/1/trigger/pipeline?ref=main&token=t&variables[A]=b'],
  ])('%s', async (_, method, path, options) => {
    const { call, journal } = await startStrict();
    const { status, text } = await call(method, path, options);
    expect([status, text]).toEqual([200, expect.any(String)]);
    journal.assertExpected([`${method} ${journal.entries[0]?.path}`]);
  });
});

describe('a request that GitLab does not describe is refused', () => {
  test.each<[Method, string, object | undefined, string]>([
    ['GET', 'notes?colour=red', undefined, 'colour is not described for this request'],
    ['GET', 'notes?sort=up', undefined, 'sort does not have a valid value'],
    ['GET', 'notes?sort=asc&sort=desc', undefined, 'sort is invalid, sort does not have a valid value'],
    ['GET', 'notes?iids=a', undefined, 'iids[0] is invalid'],
    ['GET', 'notes?active=perhaps', undefined, 'active is invalid'],
    ['GET', 'notes?created_after=yesterday', undefined, 'created_after is invalid'],
    ['POST', 'notes', undefined, 'body is missing'],
    ['POST', 'notes', { json: { body: ['x'] } }, 'body is invalid'],
    ['POST', 'notes', { json: { body: 'x', bodi: 'y' } }, 'bodi is not described for this request'],
    ['POST', 'notes', { json: { body: 'x', position: {} } }, 'position[position_type] is missing'],
    [
      'POST',
      'notes',
      { json: { body: 'x', position: { position_type: 'text', line: 1 } } },
      'position[line] is not described for this request',
    ],
  ])('%s %s %j', async (method, path, options, error) => {
    const { call, journal } = await startStrict();
    const { status, json } = await call(method, `/projects/1/merge_requests/1/${path}`, options);
    expect([status, json]).toEqual([400, { error }]);
    expect(journal.entries).toMatchObject([{ violation: error, status: 400 }]);
    expect(journal.mistakes()).toEqual([
      `${method} /projects/1/merge_requests/1/notes violates GitLab's API: ${error}`,
    ]);
  });

  test('by a parameter of its path, which it calls as our route does', async () => {
    const { call } = await startStrict();
    const { json } = await call('GET', '/projects/1/merge_requests/first/notes');
    expect(json).toEqual({ error: 'merge_request_iid is invalid' });
  });

  test('by what only the optional part of its path would say', async () => {
    const { call } = await startStrict();
    const { json } = await call('POST', '/projects/1/trigger/pipeline', { json: { token: 't' } });
    expect(json).toEqual({ error: 'ref is missing' });
  });
});

describe('what GitLab does not describe has a schema of ours', () => {
  test('that is as strict, with or without GitLab’s', async () => {
    for (const { call } of [await startStrict(), await startApi({ routes: free })]) {
      const url = 'https://example.com';
      expect((await call('POST', '/hooks/1?dry=true&filter[scope]=x', { json: { url } })).status).toBe(200);
      expect((await call('POST', '/hooks/1', { json: {} })).json).toEqual({ error: 'url is missing' });
      const wrong = await call('POST', '/hooks/1?wet=1', { json: { url } });
      expect(wrong.json).toEqual({ error: 'wet is not described for this request' });
    }
  });

  test('and is named where it has none', () => {
    const bare = echo('GET', '/avatars', open);
    expect(routesWithoutSchema([...routes, bare], parseOpenApi(document))).toEqual(['GET /avatars']);
  });
});

test('a twin for everyday use is as lenient as GitLab', async () => {
  const { call } = await startApi({ routes: free, strict: false });
  expect((await call('POST', '/hooks/1?wet=1', { json: {} })).status).toBe(200);
});

test('what GitLab has and the twin does not is named as GitLab writes it', async () => {
  const { call } = await startStrict();
  expect((await call('DELETE', '/projects/1/wikis/home')).json).toEqual({
    error: '501 Not Implemented',
    message: "the twin does not model DELETE /projects/{id}/wikis/{slug}, which GitLab's API has",
  });
  expect((await call('GET', '/projects/1/wikis/home')).json).toEqual({
    error: '501 Not Implemented',
    message: 'the twin does not model GET /projects/1/wikis/home',
  });
});

const excerpt = join(import.meta.dirname, '../../../../shared/data/gitlab/openapi-excerpt.yaml');

describe.skipIf(!existsSync(excerpt))('GitLab’s own document (skipped where ../shared is absent)', () => {
  test('describes the requests of a merge request', () => {
    const description = parseOpenApi(readFileSync(excerpt, 'utf8'));
    expect(description.operations.length).toBeGreaterThan(150);
    const note = description.find('POST', notes);
    expect(Object.keys(note?.properties ?? {})).toContain('internal');
    expect(note?.required).toEqual(['body']);
    expect(note?.pathSchemas).toHaveLength(2);
    expect(description.find('POST', trigger)?.required).toEqual(['ref', 'token']);
    expect(description.pathOf('GET', '/projects/g%2Fp/jobs/7/trace')).toBe(
      '/projects/{id}/jobs/{job_id}/trace',
    );
  });

  test('can be checked by, all of it', async () => {
    const description = parseOpenApi(readFileSync(excerpt, 'utf8'));
    const everything = description.operations.map(({ method, path }) =>
      echo(method as Method, path.replace(/\{([^}]+)\}/g, ':$1'), open),
    );
    const { call, journal } = await startApi({ routes: everything.map(anywhere), openApiFile: excerpt });
    for (const { method, path } of description.operations)
      await call(method, `${path.replace(/\{[^}]+\}/g, '1')}?surely_not=1`);
    expect(journal.entries.filter(({ error }) => error !== undefined)).toEqual([]);
    const unchecked = journal.entries.filter(({ violation }) => !violation?.includes('surely_not'));
    expect(unchecked.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });
});
