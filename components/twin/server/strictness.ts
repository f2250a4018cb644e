import type { Context } from '../../kernel/context.ts';
import type { RequestCheck } from './check-request.ts';
import type { ApiDescription } from './openapi.ts';
import type { Call, Route } from './types.ts';

/** How requests are held against descriptions of the API. */
export interface Strictness {
  /** What is wrong with a request; undefined where it is right, or nothing describes it. */
  readonly check: (call: Call, route: Route) => Promise<string | undefined>;
  /** The path as GitLab's description writes it, where it has one. */
  readonly documented: (method: string, path: string) => Promise<string | undefined>;
  /** Whether GitLab's document is there, so that what is not in it is nothing. */
  readonly isDescribed: boolean;
}

interface Loaded {
  readonly check: RequestCheck;
  readonly description: ApiDescription | undefined;
}

/**
 * Checks requests, unless `strict` is false; what that needs is loaded with the first of them.
 *
 * @param openApiFile - GitLab's OpenAPI document; without, only schemas of our own are checked
 */
export function createStrictness(
  { fs }: Pick<Context, 'fs'>,
  { strict, openApiFile }: { readonly strict: boolean; readonly openApiFile: string | undefined },
): Strictness {
  let loading: Promise<Loaded> | undefined;
  const load = async (): Promise<Loaded> => {
    const [{ createFormAjv }, { createRequestCheck }] = await Promise.all([
      import('./ajv.ts'),
      import('./check-request.ts'),
    ]);
    const description = openApiFile === undefined ? undefined : await readOpenApi(fs, openApiFile);
    return { check: createRequestCheck(createFormAjv(), description), description };
  };
  const loaded = (): Promise<Loaded> => {
    loading ??= load();
    return loading;
  };
  return {
    check: async (call, route) => (strict ? (await loaded()).check(call, route) : undefined),
    isDescribed: openApiFile !== undefined,
    documented: async (method, path) =>
      openApiFile === undefined ? undefined : (await loaded()).description?.pathOf(method, path),
  };
}

async function readOpenApi(fs: Context['fs'], file: string): Promise<ApiDescription> {
  const [{ parseOpenApi }, text] = await Promise.all([import('./openapi.ts'), fs.readFile(file, 'utf8')]);
  return parseOpenApi(text);
}
