import { onProject } from '../server/on-project.ts';
import { invalidParameter, invalidRecord, notFound } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Route } from '../server/types.ts';
import type { Project, Variable } from '../world/project.ts';
import { addVariable } from '../world/seed.ts';
import { flagOf, isRecord, textOf, wordOf } from './given.ts';

const access: Access = { role: 'maintainer' };
const source = 'docs.gitlab.com/api/project_level_variables';
const flag = { type: 'boolean' };
const properties = {
  value: { type: 'string' },
  variable_type: { enum: ['env_var', 'file'] },
  protected: flag,
  masked: flag,
  raw: flag,
  environment_scope: { type: 'string' },
  description: { type: ['string', 'null'] },
  filter: { type: 'object' },
};
const filter = { 'filter[environment_scope]': { type: 'string' } };
const create: OwnSchema = {
  source,
  body: {
    type: 'object',
    required: ['key', 'value'],
    properties: { ...properties, key: { type: 'string' }, masked_and_hidden: flag },
    additionalProperties: false,
  },
};
const update: OwnSchema = { source, query: filter, body: { type: 'object', properties } };
const path = '/projects/:id/variables';

export const variablesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access,
    schema: { source },
    handle: onProject(({ project }) => ({ list: project.variables.map(variableJson) })),
  },
  {
    method: 'GET',
    path: `${path}/:key`,
    access,
    schema: { source, query: filter },
    handle: onProject((call) => ({ json: variableJson(variableOf(call)) })),
  },
  {
    method: 'POST',
    path,
    access,
    schema: create,
    handle: onProject((call) => ({ json: variableJson(createVariable(call)), status: 201 })),
  },
  {
    method: 'PUT',
    path: `${path}/:key`,
    access,
    schema: update,
    handle: onProject((call) => ({ json: variableJson(updateVariable(call)) })),
  },
  {
    method: 'DELETE',
    path: `${path}/:key`,
    access,
    schema: { source, query: filter },
    handle: onProject((call) => {
      call.project.variables.splice(call.project.variables.indexOf(variableOf(call)), 1);
      return { status: 204 };
    }),
  },
];

/** A hidden value is never shown again. Source: docs.gitlab.com/ci/variables, "Hide a CI/CD variable" */
function variableJson(variable: Variable): Readonly<Record<string, unknown>> {
  return {
    variable_type: variable.variableType,
    key: variable.key,
    value: variable.hidden ? null : variable.value,
    ...{ hidden: variable.hidden, protected: variable.protected, masked: variable.masked, raw: variable.raw },
    environment_scope: variable.environmentScope,
    description: variable.description === '' ? null : variable.description,
  };
}

/** By key; where several scopes have it, `filter[environment_scope]` must say which. */
function variableOf(call: ProjectCall): Variable {
  const { filter: nested } = call.body;
  const asked =
    call.query['filter[environment_scope]'] ?? (isRecord(nested) ? nested.environment_scope : undefined);
  const found = call.project.variables.filter(
    ({ key, environmentScope }) =>
      key === call.params.key && (asked === undefined || environmentScope === asked),
  );
  const [variable] = found;
  if (variable === undefined) throw notFound('Variable');
  if (found.length > 1) {
    const text =
      "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'";
    throw invalidRecord(text, 409);
  }
  return variable;
}

function createVariable(call: ProjectCall): Variable {
  const sent = call.body;
  const { key, value } = { key: textOf(sent.key), value: textOf(sent.value) };
  const missing = Object.entries({ key, value }).flatMap(([name, text]) =>
    text === undefined ? [name] : [],
  );
  if (key === undefined || value === undefined)
    throw invalidParameter(missing.map((name) => `${name} is missing`).join(', '));
  const hidden = flagOf(sent.masked_and_hidden) ?? false;
  const variable: Variable = { ...unset, key, value, hidden, ...changesIn(sent) };
  if (hidden) variable.masked = true;
  assertValid(call.project, variable);
  return addVariable(call.project, variable);
}

function updateVariable(call: ProjectCall): Variable {
  const variable = variableOf(call);
  const changed = { ...variable, ...changesIn(call.body) };
  const isUnmasked = variable.hidden && !changed.masked;
  if (isUnmasked)
    throw invalidRecord({ base: ['The visibility setting cannot be changed for hidden variables.'] });
  assertValid(call.project, changed, variable);
  return Object.assign(variable, changed);
}

const unset: Omit<Variable, 'key' | 'value'> = {
  ...{ variableType: 'env_var', protected: false, masked: false, hidden: false, raw: false },
  ...{ environmentScope: '*', description: '' },
};

/** What a request says of a variable, and nothing of what it does not. */
function changesIn(sent: Readonly<Record<string, unknown>>): Partial<Variable> {
  const changes = {
    value: textOf(sent.value),
    variableType: wordOf(sent.variable_type, ['env_var', 'file']),
    protected: flagOf(sent.protected),
    masked: flagOf(sent.masked),
    raw: flagOf(sent.raw),
    environmentScope: textOf(sent.environment_scope),
    description: textOf(sent.description),
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/**
 * Eight or more characters of one line; one that is searched for `$NAME` must in addition be of Base64's alphabet and a
 * few more. Source: docs.gitlab.com/ci/variables, "Mask a CI/CD variable"
 */
function isMaskable({ value, raw }: Variable): boolean {
  return raw ? /^\S{8,}$/.test(value) : /^[a-zA-Z0-9_+=/@:.~-]{8,}$/.test(value);
}

function assertValid(project: Project, variable: Variable, before?: Variable): void {
  const { key, environmentScope, masked } = variable;
  const mistakes: Record<string, string[]> = {};
  if (!/^\w{1,255}$/.test(key)) {
    mistakes.key = [key === '' ? "can't be blank" : "can contain only letters, digits and '_'."];
  }
  const isTaken = project.variables.some(
    (other) => other !== before && other.key === key && other.environmentScope === environmentScope,
  );
  if (isTaken) mistakes.key = [`(${key}) has already been taken`];
  if (masked && !isMaskable(variable)) mistakes.value = ['is invalid'];
  if (Object.keys(mistakes).length > 0) throw invalidRecord(mistakes);
}
