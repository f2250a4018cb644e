import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import type { InputDeclarations, InputValues } from '../../components/kernel/input-types.ts';
import { type AskedStarter, planStarter, providers } from '../../components/setup/starter/plan.ts';
import type { SetupFile } from '../../components/setup/types.ts';

/** Text of one line: nothing a terminal or YAML would take for more. */
const line =
  /[^\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]*[^\s\p{Cc}\u2028\u2029\ufeff\ufffe\uffff][^\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]*/u;

/** What the manifest of a new agent says. */
export const agentInputs = {
  from: {
    type: 'string',
    description: 'An agent that is ready to use, copied as it is with its policies: mr-reviewer or ci-doctor',
    pattern: /[a-z][a-z0-9-]*/,
    security: true,
  },
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

interface Place {
  readonly into: string;
  readonly dryRun: boolean;
  /** Undefined takes the usual one. */
  readonly name: string | undefined;
}

const usualName = 'reviewer';

/**
 * Writes the manifest of a new agent, or the files of one that is ready to use; or prints them.
 * @throws SETUP_CONFLICT, and what `planStarter` and `planReady` throw
 */
export async function writeAgent(
  context: Context,
  { into, dryRun, name }: Place,
  inputs: InputValues<typeof agentInputs>,
): Promise<ExitCode> {
  const files = inputs.from === undefined ? [await starterOf(name, inputs)] : await readyOf(name, inputs);
  if (dryRun) {
    const [first] = files;
    const one = files.length === 1 ? first?.text : undefined;
    context.print(one ?? files.map(({ path, text }) => `--- ${path}\n${text}`).join('\n'));
    return exitCodes.ok;
  }
  const { writeFiles } = await import('../../components/setup/write-files.ts');
  const below = (path: string) => (into === '.' ? path : `${into.replace(/\/+$/, '')}/${path}`);
  for (const { path, written } of await writeFiles(context, into, files))
    context.print(`${written ? 'written' : 'unchanged'} ${below(path)}\n`);
  const [manifest = ''] = files.map(({ path }) => path).filter((path) => path.endsWith('agent.ossa.yaml'));
  context.print(`${firstOf(inputs.from, files)}, then: pipewright validate ${below(manifest)}\n`);
  if (inputs.from !== undefined)
    context.print(`How it is included: agents/${inputs.from}/README.md of Pipewright\n`);
  return exitCodes.ok;
}

/** What a person does with the files first. */
function firstOf(from: string | undefined, files: readonly SetupFile[]): string {
  if (from === undefined) return 'Say in spec.role what it is to do';
  const choice = 'Choose its model in spec.llm';
  return files.some(({ path }) => path.endsWith('/playbook.yaml'))
    ? `${choice}, or none and let playbook.yaml answer`
    : choice;
}

async function starterOf(
  name: string | undefined,
  inputs: InputValues<typeof agentInputs>,
): Promise<SetupFile> {
  const [{ tools }, { renderStarter }] = await Promise.all([
    import('../../components/tools/registry.gen.ts'),
    import('../../components/setup/starter/render.ts'),
  ]);
  // The others are reached by another type than function.
  const known = tools.map(({ id }) => id).filter((id) => id !== 'http-get');
  return renderStarter(planStarter(askedOf(name ?? usualName, inputs), known));
}

async function readyOf(
  name: string | undefined,
  { from = '', ...inputs }: InputValues<typeof agentInputs>,
): Promise<readonly SetupFile[]> {
  const [{ files }, { planReady }] = await Promise.all([
    import('#agents/ready'),
    import('../../components/setup/starter/ready.ts'),
  ]);
  const said = (['role', 'description', 'model', 'editor-schema'] as const).filter(
    (flag) => inputs[flag] !== undefined,
  );
  return planReady({ from, name, besides: said.map((flag) => `--${flag}`) }, files);
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
