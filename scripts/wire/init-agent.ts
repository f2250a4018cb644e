import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import type { InputDeclarations, InputValues } from '../../components/kernel/input-types.ts';
import { type AskedStarter, planStarter, providers } from '../../components/setup/starter/plan.ts';

/** Text of one line: nothing a terminal or YAML would take for more. */
const line =
  /[^\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]*[^\s\p{Cc}\u2028\u2029\ufeff\ufffe\uffff][^\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]*/u;

/** What the manifest of a new agent says. */
export const agentInputs = {
  role: {
    type: 'string',
    description: 'What a new agent is told it is and has to do; that of a reviewer without',
    pattern: line,
    security: true,
  },
  description: {
    type: 'string',
    description: 'What a new agent is, for people',
    pattern: line,
    security: true,
  },
  provider: {
    type: 'string',
    description: "Who runs a new agent's model",
    options: providers,
    default: 'anthropic',
    security: true,
  },
  model: {
    type: 'string',
    description: "A new agent's model, with version or date; a usual one of the provider without",
    pattern: /[A-Za-z0-9][A-Za-z0-9._:/@-]*/,
    security: true,
  },
  tools: {
    type: 'list',
    description: 'Tools of a new agent, by name',
    default: ['read_diff', 'read_file'],
    spaced: true,
    security: true,
  },
  labels: {
    type: 'list',
    description: 'Labels a new agent may propose',
    default: [],
    security: true,
  },
  issues: {
    type: 'integer',
    description: 'Issues a new agent may propose in one session',
    default: 0,
    min: 0,
    max: 20,
    security: true,
  },
  'max-iterations': {
    type: 'integer',
    description: 'Turns of the model in one session of a new agent',
    default: 8,
    min: 1,
    max: 1000,
    security: true,
  },
  'timeout-seconds': {
    type: 'integer',
    description: 'Seconds of one session of a new agent',
    default: 300,
    min: 1,
    max: 86400,
    security: true,
  },
  'max-tokens-per-day': {
    type: 'integer',
    description: 'Tokens a new agent may use in a day',
    default: 200000,
    min: 1,
    security: true,
  },
  'max-cost-per-day': {
    type: 'integer',
    description: 'US dollars a new agent may cost in a day',
    default: 5,
    min: 1,
    security: true,
  },
  'editor-schema': {
    type: 'string',
    description:
      'Path or address of the schema for editors (`pipewright explain --schema`), named in a new manifest',
    pattern: /[A-Za-z0-9._:/@-]+/,
    security: true,
  },
} as const satisfies InputDeclarations;

/** Writes the manifest of a new agent, or prints it. @throws STARTER_NAME, SETUP_CONFLICT and others, see `planStarter` */
export async function writeAgent(
  context: Context,
  place: { readonly into: string; readonly dryRun: boolean; readonly name: string },
  inputs: InputValues<typeof agentInputs>,
): Promise<ExitCode> {
  const [{ tools }, { renderStarter }, { writeFiles }] = await Promise.all([
    import('../../components/tools/registry.gen.ts'),
    import('../../components/setup/starter/render.ts'),
    import('../../components/setup/write-files.ts'),
  ]);
  // The others are reached by another type than function.
  const known = tools.map(({ id }) => id).filter((id) => id !== 'http-get');
  const file = renderStarter(planStarter(askedOf(place.name, inputs), known));
  if (place.dryRun) {
    context.print(file.text);
    return exitCodes.ok;
  }
  const [done] = await writeFiles(context, place.into, [file]);
  const path = place.into === '.' ? file.path : `${place.into.replace(/\/+$/, '')}/${file.path}`;
  context.print(`${done?.written ? 'written' : 'unchanged'} ${path}\n`);
  context.print(`Say in spec.role what it is to do, then: pipewright validate ${path}\n`);
  return exitCodes.ok;
}

function askedOf(name: string, inputs: InputValues<typeof agentInputs>): AskedStarter {
  const { role, description, provider, model, tools, labels, issues } = inputs;
  return {
    ...{ name, role, description, provider, model, tools, labels, issues },
    maxIterations: inputs['max-iterations'],
    timeoutSeconds: inputs['timeout-seconds'],
    maxTokensPerDay: inputs['max-tokens-per-day'],
    maxCostPerDay: inputs['max-cost-per-day'],
    editorSchema: inputs['editor-schema'],
  };
}
