import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { integer, list, optional, record, text } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  role: 'reporter',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/environments',
} as const;
const writes = { ...common, role: 'developer', scope: 'api' } as const;
const all = '/projects/:project/environments';
const one = `${all}/:environment` as const;

export interface OfEnvironment extends OfProject {
  readonly environment: number;
}

export interface Environment {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  /** GitLab's word: `available`, `stopping`, `stopped`. */
  readonly state: string;
  readonly tier: string | undefined;
  readonly externalUrl: string | undefined;
}

const environmentShape = record<Environment>({
  ...{ id: integer, name: text, slug: text, state: text, tier: optional(text), externalUrl: optional(text) },
});

export interface EnvironmentSettings {
  readonly externalUrl?: string;
  readonly tier?: 'production' | 'staging' | 'testing' | 'development' | 'other';
}

/** All of them, or those of one name. */
export const listEnvironments = defineEndpoint(
  { ...common, about: 'List environments', method: 'GET', path: all },
  (call, { project, name }: OfProject & { readonly name?: string }): Promise<readonly Environment[]> =>
    call.resource({ project }, list(environmentShape), ({ Environments }) =>
      Environments.all(project, { perPage: 100, ...(name !== undefined && { name }) }),
    ),
);

export const getEnvironment = defineEndpoint(
  { ...common, about: 'Get an environment', method: 'GET', path: one },
  (call, { project, environment }: OfEnvironment) =>
    call.resource({ project, environment }, environmentShape, ({ Environments }) =>
      Environments.show(project, environment),
    ),
);

/** A name that is there already is refused (400), unless our lost request made it. */
export const createEnvironment = defineEndpoint(
  { ...writes, about: 'Create an environment', method: 'POST', path: all, replay: 'marker' },
  (call, input: OfProject & EnvironmentSettings & { readonly name: string }) => {
    const { project, name } = input;
    return call.resource(
      input,
      environmentShape,
      ({ Environments }) => Environments.create(project, name, settingsOf(input)),
      async () => {
        const { Environments } = await call.gitlab.resources();
        return (await Environments.all(project, { name }))[0];
      },
    );
  },
);

export const updateEnvironment = defineEndpoint(
  { ...writes, about: 'Change an environment', method: 'PUT', path: one },
  (call, input: OfEnvironment & EnvironmentSettings) =>
    call.resource(input, environmentShape, ({ Environments }) =>
      Environments.edit(input.project, input.environment, settingsOf(input)),
    ),
);

/** Runs its stop job, if it has one. */
export const stopEnvironment = defineEndpoint(
  { ...writes, about: 'Stop an environment', method: 'POST', path: `${one}/stop` },
  (call, { project, environment }: OfEnvironment) =>
    call.resource({ project, environment }, environmentShape, ({ Environments }) =>
      Environments.stop(project, environment),
    ),
);

/** Those alone, whatever else the caller's object holds. */
function settingsOf({ externalUrl, tier }: EnvironmentSettings): EnvironmentSettings {
  return { ...(externalUrl !== undefined && { externalUrl }), ...(tier !== undefined && { tier }) };
}
