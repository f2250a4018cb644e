import { Failure } from '../../kernel/failure.ts';
import { errors } from '../errors.ts';
import { items } from '../pages.ts';
import { path as encoded, pathWithSlashes } from '../path.ts';
import { nothing } from '../read-body.ts';
import type {
  ApiBody,
  ApiPath,
  ApiRequest,
  GitLab,
  Query,
  ReadBody,
  Replay,
  ResourceOptions,
  Resources,
  Timeouts,
} from '../types.ts';
import type { EndpointFacts } from './facts.ts';
import type { Shape } from './shape.ts';

/** A function that calls one endpoint of GitLab, and what is known of that endpoint. */
export interface Endpoint<Inputs extends readonly unknown[], Result> {
  (gitlab: GitLab, ...inputs: Inputs): Result;
  readonly facts: EndpointFacts;
}

type Names<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : Path extends `${string}/*${infer Name}`
      ? Name
      : never;

type Params<Path extends string> = Readonly<Record<Names<Path>, string | number>>;

interface Sent<T> {
  readonly query?: Exclude<Query, URLSearchParams>;
  readonly body?: ApiBody;
  /** What the request would have answered if it has happened already. Needed where the facts say `marker`. */
  readonly found?: () => Promise<T | undefined>;
  readonly timeouts?: Partial<Timeouts>;
}

/** What an endpoint's function sends with: method and path are those of its facts. */
export interface Call<Path extends string> {
  readonly gitlab: GitLab;
  readonly send: <T>(params: Params<Path>, read: ReadBody<T>, sent?: Sent<T>) => Promise<T>;
  /** All entries of a list, page by page. */
  readonly list: <T>(
    params: Params<Path>,
    read: ReadBody<readonly T[]>,
    query?: Sent<T>['query'],
  ) => AsyncGenerator<T>;
  /** DELETE. Where its answer was lost it counts as done when a GET of the same path finds nothing. */
  readonly remove: (params: Params<Path>) => Promise<void>;
  /** Where the file comes from, for downloads. */
  readonly path: (params: Params<Path>) => ApiPath;
  /** gitbeaker's call, its result in our shape. Throws GITLAB_MALFORMED. */
  readonly resource: <T>(
    params: Params<Path>,
    shape: Shape<T>,
    call: (resources: Resources) => Promise<unknown>,
    found?: ResourceFound,
  ) => Promise<T>;
}

type ResourceFound = Exclude<ResourceOptions['replay'] & {}, string>['found'];

/** Makes the function of an endpoint. Its id in the registry is `<file>.<name>`. */
export function defineEndpoint<const Path extends string, Inputs extends readonly unknown[], Result>(
  facts: EndpointFacts & { readonly path: Path },
  run: (call: Call<Path>, ...inputs: Inputs) => Result,
): Endpoint<Inputs, Result> {
  const call = (gitlab: GitLab, ...inputs: Inputs) => run(callOf(gitlab, facts), ...inputs);
  return Object.assign(call, { facts });
}

function callOf<Path extends string>(
  gitlab: GitLab,
  facts: EndpointFacts & { readonly path: Path },
): Call<Path> {
  const { method } = facts;
  const pathOf = (params: Params<Path>) => fill(facts.path, params);
  return {
    gitlab,
    path: pathOf,
    send: async (params, read, { found, query, ...sent } = {}) => {
      const asked = { ...sent, method, path: pathOf(params), query: checked(query) };
      return (await gitlab.request({ ...asked, read, replay: replayOf(facts, found) })).data;
    },
    list: (params, read, query) =>
      items(gitlab, { method, path: pathOf(params), query: { per_page: 100, ...checked(query) }, read }),
    remove: async (params) => {
      const path = pathOf(params);
      const found = async () => ((await isGone(gitlab, path)) ? null : undefined);
      await gitlab.request<unknown>({ method, path, read: nothing, replay: { found } });
    },
    resource: async (params, shape, ask, found) => {
      // gitbeaker leaves `..` as it is: what cannot be a value of the path is thrown out here.
      pathOf(params);
      const resources = await gitlab.resources({ replay: replayOf<unknown>(facts, found) });
      const data = await ask(resources);
      try {
        return shape(data);
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        throw errors.MALFORMED({ request: `${method} ${facts.path}`, detail }, error);
      }
    },
  };
}

/** Every value of the path, encoded; numbers are ids, so they count from 1. */
function fill(template: string, params: Readonly<Record<string, string | number>>): ApiPath {
  const valueIn = (name: string): string | number => {
    const value = params[name];
    if (value === undefined || (typeof value === 'number' && !(Number.isSafeInteger(value) && value > 0))) {
      throw new TypeError(`"${String(value)}" cannot be "${name}" in ${template}`);
    }
    return value;
  };
  const [start = '', file] = template.slice(1).split('/*');
  const path = start
    .split('/')
    .map((part) => (part.startsWith(':') ? encoded`${valueIn(part.slice(1))}` : part))
    .join('/') as ApiPath;
  return file === undefined ? path : pathWithSlashes(path, String(valueIn(file)));
}

/** GitLab takes an empty parameter for none and answers about something else. */
function checked(query: Sent<never>['query']): Sent<never>['query'] {
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === '') throw new TypeError(`the parameter "${name}" is empty`);
  }
  return query;
}

function replayOf<T>(
  { replay, path }: EndpointFacts,
  found: Sent<T>['found'],
): NonNullable<ApiRequest<T>['replay']> {
  if (found !== undefined) return { found } satisfies Replay<T>;
  if (replay === 'marker') throw new TypeError(`${path} is repeated by a marker, and none was given`);
  return replay;
}

async function isGone(gitlab: GitLab, path: ApiPath): Promise<boolean> {
  return (await unlessMissing(gitlab.request({ method: 'GET', path, read: nothing }))) === undefined;
}

/** What a request gives, or undefined where it fails with GITLAB_NOT_FOUND. */
export async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Failure && error.code === errors.NOT_FOUND.code) return undefined;
    throw error;
  }
}

/** A project by number or full path. */
export interface OfProject {
  readonly project: number | string;
}
