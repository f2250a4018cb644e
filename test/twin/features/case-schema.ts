import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = { type: 'string', minLength: 1 };
const words = { type: 'object', additionalProperties: { type: 'string' } };
const anything = { type: 'object' };
const number = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text };

/** A mapping of nothing but these keys. */
function exactly(properties: Readonly<Record<string, object>>, required: readonly string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

const orNothing = (schema: object) => ({ anyOf: [{ type: 'null' }, schema] });
const job = { job: text, pipeline: number };
const ofJob = exactly(job, ['job']);
const run = { ref: text, variables: words };

const actions: Readonly<Record<string, object>> = {
  push: orNothing(exactly({ branch: text, tag: text, message: text, files: words, options: texts })),
  open: exactly({ branch: text, files: words, into: text }, ['branch']),
  run: orNothing(exactly({ ...run, inputs: anything })),
  trigger: orNothing(exactly({ ...run, inputs: anything })),
  schedule: text,
  play: exactly({ ...job, variables: words }, ['job']),
  ...{ retry: ofJob, cancel: ofJob, erase: ofJob, lose_runner: ofJob },
  ...{ cancel_pipeline: number, retry_pipeline: number },
  stop_environment: text,
  protect_environment: exactly({ name: text, level: number }, ['name', 'level']),
  status: exactly({ name: text, state: text }, ['name', 'state']),
  process_mode: exactly({ group: text, mode: text }, ['group', 'mode']),
  settings: anything,
  until: exactly({ ...job, log: text }, ['job', 'log']),
  seconds: { type: 'number' },
};

const step = {
  oneOf: Object.entries(actions).map(([name, schema]) =>
    exactly({ [name]: schema, ...{ as: text, in: text, meanwhile: { type: 'boolean' } } }, [name]),
  ),
};

const expectedJob = exactly(
  {
    ...{ status: text, stage: text, failure_reason: text, exit_code: number, attempts: number },
    ...{ allow_failure: { type: 'boolean' }, log: texts, not_in_log: texts, artifacts: texts },
    reports: { type: 'object', additionalProperties: texts },
    coverage: { type: 'number' },
  },
  ['status'],
);

const expectedPipeline = exactly(
  {
    ...{
      project: text,
      source: text,
      status: text,
      ref: text,
      name: text,
      yaml_errors: text,
      upstream: text,
    },
    jobs: { type: 'object', additionalProperties: { anyOf: [text, expectedJob] } },
  },
  ['source', 'status', 'jobs'],
);

const expectedEnvironment = exactly({ state: text, url: text, deployments: texts }, ['state', 'deployments']);

/** What a twin file may say of users and projects, a case may say too; folders follow from its directory. */
const twin: {
  readonly definitions: object;
  readonly properties: { readonly [k in 'tier' | 'users' | 'projects']: object };
} = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schemas/twin.schema.json'), 'utf8'));

/** JSON schema of `case.yml`: an unknown key is a mistake. */
export const caseSchema = {
  ...exactly(
    {
      ...{ about: text, source: { type: 'string', pattern: '^(docs\\.gitlab\\.com/|app/|lib/)' } },
      ...{ tier: twin.properties.tier, version: text },
      ...{ users: twin.properties.users, projects: twin.properties.projects },
      do: { type: 'array', items: step, minItems: 1 },
      expect: exactly({
        pipelines: { type: 'array', items: expectedPipeline },
        refused: texts,
        environments: { type: 'object', additionalProperties: expectedEnvironment },
        ...{ apart: texts, order: texts },
      }),
      peer: { anyOf: [{ const: true }, text] },
    },
    ['about', 'source', 'expect', 'peer'],
  ),
  definitions: twin.definitions,
};
