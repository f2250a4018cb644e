import { isForgeToken, isSecretName, isTokenName } from './names/secrets.ts';
import { fieldOf, listOf, textOf } from './read/node.ts';
import { programOf } from './shell/program.ts';
import { assignmentsOf } from './taint.ts';
import type { Job, Node, Piece, Pipeline, ScriptCommand } from './types.ts';

/** Something a job holds or does, and where that is written. */
export interface Reached {
  readonly name: string;
  readonly node: Node;
  readonly target?: 'key';
  readonly piece?: Piece;
}

/** Variables that the commands of a job expand. */
export function expandedIn(commands: readonly ScriptCommand[]): readonly Reached[] {
  return commands.flatMap(({ command, node }) =>
    [...command.words, ...command.input, ...command.assignments.map(({ word }) => word)].flatMap(
      ({ expansions }) =>
        expansions.map(({ name, offset, text }) => ({ name, node, piece: { node, offset, text } })),
    ),
  );
}

/**
 * Secrets that the configuration shows a job to have, each once: `secrets`, variables, and those its script uses. What is
 * written out in the file, such as the password of a database for tests, is known to all who read it and is none.
 */
export function secretsOf(job: Job): readonly Reached[] {
  const given = keysOf(fieldOf(job.node, 'secrets')?.fields ?? new Map());
  const held = keysOf(job.variables).filter(({ name, node }) => isSecretName(name) && refersTo(node));
  const known = writtenOut(job);
  const used = expandedIn(job.commands).filter(({ name }) => isSecretName(name) && !known.has(name));
  return onlyFirst([...given, ...held, ...used]);
}

function keysOf(fields: ReadonlyMap<string, Node>): readonly Reached[] {
  return [...fields].map(([name, node]) => ({ name, node, target: 'key' }));
}

/** Whether the value of a variable is that of another. */
function refersTo(node: Node): boolean {
  const value = node.fields === undefined ? node.value : node.fields.get('value')?.value;
  return typeof value === 'string' && value.includes('$');
}

/** Variables whose value stands in the configuration or in the script itself. */
function writtenOut(job: Job): ReadonlySet<string> {
  const variables = [...job.variables].filter(([, node]) => !refersTo(node)).map(([name]) => name);
  const assigned = job.commands.flatMap(({ command }) => assignmentsOf(command));
  const plain = assigned.filter(({ word }) => word.expansions.length === 0 && word.inner.length === 0);
  return new Set([...variables, ...plain.map(({ name }) => name)]);
}

function onlyFirst(all: readonly Reached[]): readonly Reached[] {
  const seen = new Set<string>();
  return all.filter(({ name }) => seen.size < seen.add(name).size);
}

/** Tokens of a job that write to GitLab: by their names, or by what they are used for. */
export function writeTokensOf(job: Job): readonly Reached[] {
  const named = secretsOf(job).filter(({ name }) => isForgeToken(name));
  const writing = job.commands.filter((script) => writesToGitLab(script));
  const used = expandedIn(writing).filter(({ name }) => isTokenName(name));
  // glab takes its token from a variable that need not be named anywhere.
  const quiet = writing.flatMap(({ command, node }) => {
    const program = programOf(command);
    if (program?.name !== 'glab') return [];
    return [
      {
        name: 'the token of glab',
        node,
        piece: { node, offset: program.word.offset, text: program.word.text },
      },
    ];
  });
  return onlyFirst([...named, ...used, ...quiet]);
}

const glabWrites =
  /^(?:mr (?:note|create|update|merge|approve|close|reopen|rebase)|issue (?:create|note|update|close)|release (?:create|upload|delete)|repo (?:create|delete)|label create|variable (?:set|update))$/;
const writingMethod = /^(?:POST|PUT|PATCH|DELETE)$/i;
const writingFlag = /^(?:-d|-F|-f|-T|--data.*|--form.*|--json|--upload-file|--field|--raw-field|--input)$/;

/** Whether a command changes something on GitLab: a push, `glab`, a request that writes to its API. */
export function writesToGitLab({ command }: ScriptCommand): boolean {
  const program = programOf(command);
  if (program === undefined) return false;
  const words = program.args.map(({ text }) => text);
  switch (program.name) {
    case 'git':
      return gitCommand(words) === 'push' && !words.includes('--dry-run');
    case 'glab':
      return glabWrites.test(words.slice(0, 2).join(' ')) || (words[0] === 'api' && isWriting(words));
    case 'curl':
    case 'http':
    case 'wget':
      return words.some((word) => /CI_API_V4_URL|\/api\/v4\//.test(word)) && isWriting(words);
    case 'pipewright':
      return words[0] === 'apply' || words[0] === 'deploy';
    default:
      return false;
  }
}

function isWriting(words: readonly string[]): boolean {
  const method = words.findIndex((word) => /^(?:-X|--request|--method)$/.test(word));
  const given =
    method >= 0
      ? words[method + 1]
      : words.map((word) => /^(?:-X|--request=|--method=)(\w+)$/.exec(word)?.[1]).find((one) => one);
  if (given !== undefined) return writingMethod.test(given);
  return (
    words.some((word) => writingFlag.test(word.split('=')[0] ?? '')) &&
    !words.includes('-G') &&
    !words.includes('--get')
  );
}

/** The first word of git that is no option of its own. */
function gitCommand(words: readonly string[]): string | undefined {
  let at = 0;
  while (words[at]?.startsWith('-') === true) at += words[at] === '-C' || words[at] === '-c' ? 2 : 1;
  return words[at];
}

const deploying: Readonly<Record<string, RegExp>> = {
  kubectl: /^(?:apply|create|delete|patch|replace|rollout|set|scale)$/,
  helm: /^(?:install|upgrade|rollback|uninstall)$/,
  terraform: /^(?:apply|destroy)$/,
  tofu: /^(?:apply|destroy)$/,
};

/** Whether a job changes what runs somewhere: it has an environment that it starts, or calls what deploys. */
export function deploys(job: Job): boolean {
  const environment = fieldOf(job.node, 'environment');
  const action = textOf(fieldOf(environment, 'action')) ?? 'start';
  if (environment !== undefined && environment.value !== null && action === 'start') return true;
  return job.commands.some(({ command }) => {
    const program = programOf(command);
    const verbs = program && Object.hasOwn(deploying, program.name) ? deploying[program.name] : undefined;
    return verbs !== undefined && program?.args.some(({ text }) => verbs.test(text)) === true;
  });
}

/** Names of the jobs that one waits for by `needs`, and whether it gets their artifacts. */
export function needsOf(job: Job): ReadonlyMap<string, boolean> | undefined {
  const needs = fieldOf(job.node, 'needs');
  if (needs === undefined) return undefined;
  return new Map(
    listOf(needs).flatMap((need): [string, boolean][] => {
      const name = textOf(need) ?? textOf(fieldOf(need, 'job'));
      return name === undefined || fieldOf(need, 'project') !== undefined
        ? []
        : [[name, fieldOf(need, 'artifacts')?.value !== false]];
    }),
  );
}

/** Whether a job begins after another has ended. */
export function follows(pipeline: Pipeline, job: Job, earlier: Job): boolean {
  const needs = needsOf(job);
  if (needs !== undefined) return needs.has(earlier.name);
  return (
    pipeline.stages.indexOf(job.stage) > pipeline.stages.indexOf(earlier.stage) &&
    pipeline.stages.includes(earlier.stage)
  );
}

/** Whether a job gets the artifacts of another, and with them the variables of its dotenv report. */
export function takesArtifacts(pipeline: Pipeline, job: Job, earlier: Job): boolean {
  const dependencies = fieldOf(job.node, 'dependencies');
  if (dependencies !== undefined) return listOf(dependencies).some((one) => textOf(one) === earlier.name);
  const needs = needsOf(job);
  return needs === undefined ? follows(pipeline, job, earlier) : needs.get(earlier.name) === true;
}

/** Jobs that run an agent, not only hold a key of one. */
export function callingJobs({ jobs }: Pipeline): readonly Job[] {
  return jobs.filter(({ agents }) => agents.some(({ call }) => call !== undefined));
}

/** Jobs that change something on GitLab or elsewhere by what an agent said. */
export function effectJobs(pipeline: Pipeline): readonly Job[] {
  const callers = callingJobs(pipeline);
  return pipeline.jobs.filter((job) => {
    if (job.commands.some(({ command }) => /^(?:apply|deploy)$/.test(ownCommand(command) ?? ''))) return true;
    const acts = job.commands.some(writesToGitLab) || deploys(job);
    return (
      acts && (callers.includes(job) || callers.some((caller) => needsOf(job)?.has(caller.name) === true))
    );
  });
}

function ownCommand(command: ScriptCommand['command']): string | undefined {
  const program = programOf(command);
  return program?.name === 'pipewright' ? program.args[0]?.text : undefined;
}
