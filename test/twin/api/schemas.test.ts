import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { routes } from '../../../components/twin/api/routes.gen.ts';
import { routesWithoutSchema } from '../../../components/twin/server/check-request.ts';
import { parseOpenApi } from '../../../components/twin/server/openapi.ts';

const openApi = '../shared/data/gitlab/openapi-excerpt.yaml';

test('no two routes answer the same request', () => {
  const names = routes.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test.skipIf(!existsSync(openApi))(
  "every route is described by GitLab's OpenAPI or by a schema with its source",
  () => {
    expect(routesWithoutSchema(routes, parseOpenApi(readFileSync(openApi, 'utf8')))).toEqual([]);
  },
);

test.each(routes.filter(({ schema }) => schema !== undefined))(
  '$method $path names the page its schema is written from',
  ({ schema }) => {
    expect(schema?.source).toMatch(/^(https:\/\/)?docs\.gitlab\.com\/|^lib\/|^app\/|OpenAPI/);
  },
);
