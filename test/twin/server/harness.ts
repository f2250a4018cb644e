import { expect, onTestFinished } from 'vitest';
import type { Context } from '../../../components/kernel/context.ts';
import type { Pipelines, Repositories, Twin } from '../../../components/twin/ports.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import type { Faults } from '../../../components/twin/server/faults.ts';
import type { Journal } from '../../../components/twin/server/journal.ts';
import { createServer, type ServerOptions } from '../../../components/twin/server/server.ts';
import { createWorld, type Tier, type World } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

export * from '../../../components/twin/world/seed.ts';

export interface ApiOptions extends ServerOptions {
  /** `real`: bare repositories in the twin's folder. Without any, using them fails the request. */
  readonly repositories?: Partial<Repositories> | 'real';
  readonly pipelines?: Partial<Pipelines>;
  readonly tier?: Tier;
  readonly version?: string;
  /** Path of the instance: `/gitlab`. */
  readonly subPath?: string;
  readonly context?: Partial<Context>;
  /** A handler that throws anything but a refusal fails the test, unless it means to provoke that. */
  readonly defects?: 'expected';
}

export interface CallOptions {
  /** Personal or project access token. */
  readonly token?: string | undefined;
  readonly jobToken?: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>> | URLSearchParams | FormData;
  /** As it is; name its type in `headers`. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
}

export interface Answered<Json = unknown> {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where the body is none. */
  readonly json: Json;
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface Api {
  /** Of the instance. */
  readonly url: string;
  readonly world: World;
  readonly twin: Twin;
  readonly journal: Journal;
  readonly faults: Faults;
  /** `Json` is what the test expects to get; redirects are not followed. */
  readonly call: <Json = unknown>(
    method: string,
    path: string,
    options?: CallOptions,
  ) => Promise<Answered<Json>>;
}

/** A twin's API with these routes, on a free port, empty; gone when the test ends. */
export async function startApi(options: ApiOptions): Promise<Api> {
  const folder = workspace();
  const context = testContext(folder, options.context);
  const { tier = 'free', version = '18.5.0' } = options;
  const world = createWorld({ folder, clock: context.clock, tier, version });
  const twin: Twin = {
    context,
    world,
    repositories: repositoriesOf(options, context, world),
    pipelines: portOf<Pipelines>('pipelines', options.pipelines),
  };
  const server = createServer(twin, options);
  const listening = await context.listen(server.handler, { port: 0 });
  onTestFinished(async () => {
    await listening.close();
    const defects = server.journal.entries.flatMap(({ error }) => error ?? []);
    if (options.defects === undefined) expect(defects, 'defects of the twin').toEqual([]);
  });
  world.url = `http://127.0.0.1:${listening.port}${options.subPath ?? ''}`;
  const call: Api['call'] = (method, path, given) => callApi(world.url, method, path, given);
  return { url: world.url, world, twin, journal: server.journal, faults: server.faults, call };
}

function repositoriesOf(options: ApiOptions, context: Context, world: World): Repositories {
  if (options.repositories === 'real') return createRepositories(context, world);
  return portOf<Repositories>('repositories', options.repositories);
}

/** A port of which only some methods are there; another says so when it is called. */
function portOf<Port extends object>(name: string, given: Partial<Port> = {}): Port {
  return new Proxy(given, {
    get: (target, method) =>
      Reflect.get(target, method) ??
      (() => {
        throw new Error(`this test gave the twin no ${name}.${String(method)}`);
      }),
  }) as Port;
}

async function callApi<Json>(
  url: string,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answered<Json>> {
  const { token, jobToken, json, query = {} } = options;
  const address = new URL(`${url}/api/v4${path}`);
  for (const [name, value] of Object.entries(query)) address.searchParams.append(name, String(value));
  const body = bodyOf(options);
  const response = await fetch(address, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { 'private-token': token }),
      ...(jobToken === undefined ? {} : { 'job-token': jobToken }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    json: (isJson ? JSON.parse(text) : undefined) as Json,
    text,
    bytes,
  };
}

function bodyOf({
  json,
  form,
  body,
}: CallOptions): string | Uint8Array<ArrayBuffer> | URLSearchParams | FormData | undefined {
  if (json !== undefined) return JSON.stringify(json);
  if (form === undefined || form instanceof FormData || form instanceof URLSearchParams) return form ?? body;
  return new URLSearchParams({ ...form });
}
