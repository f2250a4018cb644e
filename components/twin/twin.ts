import { join } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { readFileBelow } from './api/artifact-archive.ts';
import { oidcFallback } from './api/oidc.ts';
import { routes } from './api/routes.gen.ts';
import type { CiSchema } from './check/schema.ts';
import { twinErrors } from './errors.ts';
import { type ConfigurationLook, createPipelineFactory } from './pipelines/factory.ts';
import { idTokensOf } from './pipelines/id-token-claims.ts';
import { createIdTokenIssuer } from './pipelines/id-tokens.ts';
import { createPipelines, type RunningPipelines } from './pipelines/pipelines.ts';
import { createRunner } from './pipelines/runner/runner.ts';
import type { PlannedPipeline } from './pipelines/types.ts';
import type { Twin } from './ports.ts';
import { removeFolder } from './remove-folder.ts';
import { createRepositories } from './repositories/repositories.ts';
import { createSmartHttp } from './repositories/smart-http.ts';
import type { Faults } from './server/faults.ts';
import type { Journal } from './server/journal.ts';
import type { Limits } from './server/limits.ts';
import { createServer } from './server/server.ts';
import type { Machine } from './types.ts';
import { createWorld, type Tier, type World } from './world/world.ts';

export interface TwinOptions {
  readonly machine: Machine;
  /** Of GitLab; 18.5.0 without. */
  readonly version?: string | undefined;
  readonly tier?: Tier | undefined;
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  /** Path of the instance, such as `/gitlab`; none without. */
  readonly subPath?: string | undefined;
  /** What configurations are checked against. */
  readonly schema?: CiSchema;
  /** GitLab's OpenAPI document, against which requests are checked. */
  readonly openApiFile?: string | undefined;
  /** Whether parameters nobody describes are refused; a GitLab ignores them. Default: it does. */
  readonly strict?: boolean | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** Other names of this server in includes, such as `gitlab.com`. */
  readonly serverAliases?: readonly string[] | undefined;
  /** Jobs that run at a time. */
  readonly concurrency?: number | undefined;
  /** Shown every configuration a pipeline is made from, before that. */
  readonly look?: ConfigurationLook | undefined;
  /** Configurations are read and looked at, and no pipeline is made of them. */
  readonly dryRun?: boolean | undefined;
  /** Told of mistakes of the twin itself. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A GitLab that listens on the loopback interface. */
export interface RunningTwin extends Twin {
  readonly pipelines: RunningPipelines;
  readonly url: string;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Why there was no pipeline, in GitLab's words, each time there was none. */
  readonly refusals: readonly string[];
  /** Ends what runs, closes the port and removes everything it kept. */
  readonly close: () => Promise<void>;
}

/** Starts an empty GitLab. @throws TWIN_PORT where the port is taken */
export async function startTwin(context: Context, options: TwinOptions): Promise<RunningTwin> {
  const folder = await context.fs.mkdtemp(join(options.machine.temporary, 'pipewright-twin-'));
  try {
    return await startIn(context, options, folder);
  } catch (error) {
    await removeFolder(context, folder);
    throw error;
  }
}

async function startIn(context: Context, options: TwinOptions, folder: string): Promise<RunningTwin> {
  const { clock } = context;
  const world = createWorld({
    ...{ folder, clock },
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.tier === undefined ? {} : { tier: options.tier }),
  });
  const repositories = createRepositories(context, world);
  const issuer = createIdTokenIssuer(world);
  const refusals: string[] = [];
  const pipelines = noting(refusals, assemble(context, options, world, repositories, issuer));
  const twin: Twin = { context, world, repositories, pipelines };
  const { handler, journal, faults } = createServer(twin, {
    routes,
    fallbacks: [createSmartHttp(twin), oidcFallback(world, issuer)],
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.openApiFile === undefined ? {} : { openApiFile: options.openApiFile }),
    ...(options.strict === undefined ? {} : { strict: options.strict }),
  });
  const listening = await listenAt(context, handler, options.port ?? 0);
  world.url = `http://127.0.0.1:${listening.port}${options.subPath ?? ''}`;
  const close = async () => {
    await pipelines.close();
    await listening.close();
    await removeFolder(context, folder);
  };
  return { ...twin, pipelines, url: world.url, journal, faults, refusals, close };
}

async function listenAt(context: Context, handler: Parameters<Context['listen']>[0], port: number) {
  try {
    return await context.listen(handler, { port });
  } catch (error) {
    throw twinErrors.PORT({ port, reason: error instanceof Error ? error.message : String(error) }, error);
  }
}

function noting(refusals: string[], pipelines: RunningPipelines): RunningPipelines {
  return {
    ...pipelines,
    create: async (request) => {
      const created = await pipelines.create(request);
      if (!created.ok) refusals.push(...created.messages);
      return created;
    },
  };
}

/** Puts together who makes pipelines, who runs them and what runs their jobs. */
function assemble(
  context: Context,
  options: TwinOptions,
  world: World,
  repositories: Twin['repositories'],
  issuer: ReturnType<typeof createIdTokenIssuer>,
): RunningPipelines {
  const { machine, schema, serverAliases = [], look, concurrency, onError } = options;
  const factory = createPipelineFactory({
    ...{ context, world, repositories, schema, serverAliases },
    ...(look === undefined ? {} : { look }),
    artifactText: (planned, job, file) => readArtifact(context, planned, job, file),
  });
  return createPipelines({
    ...{ context, world, repositories, lint: factory.lint },
    runner: createRunner(context, machine, world, repositories),
    plan: async (request) => {
      if (options.dryRun === true) {
        await factory.inspect(request);
        return { ok: false, filtered: true, messages: [] };
      }
      const made = await factory.create(request);
      if (made.ok) return { ok: true, pipeline: made.planned.pipeline, planned: made.planned };
      const { filtered, messages, failedPipeline } = made;
      if (failedPipeline === undefined) return { ok: false, filtered, messages };
      return { ok: true, pipeline: failedPipeline, planned: undefined };
    },
    variablesOf: async (planned, job, spec, { token, dotenv }) => {
      const idTokens = await idTokensOf(world, issuer, planned.pipeline, job, spec);
      return factory.variables(planned, spec, job, { token, dotenv, idTokens });
    },
    downstreamRequest: async (job, spec, planned, dotenv) => {
      const asked = await factory.downstream(planned, spec, job, dotenv);
      return asked.ok ? asked : { ok: false, reason: asked.reason, messages: [asked.message] };
    },
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(onError === undefined ? {} : { onError }),
  });
}

async function readArtifact(
  { fs }: Context,
  { pipeline }: PlannedPipeline,
  name: string,
  file: string,
): Promise<string | undefined> {
  const job = pipeline.jobs.findLast((one) => one.name === name && !one.retried);
  const { artifacts } = job ?? {};
  if (artifacts === undefined || !artifacts.files.includes(file)) return undefined;
  const bytes = await readFileBelow(fs, artifacts.folder, file);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
