import type { JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { assertNoLinks, readTextFile } from '../kernel/files.ts';
import { errors } from './errors.ts';
import { planAnswer, wantsFailures } from './playbook/answer.ts';
import { diagnose, type FailedJob } from './playbook/diagnose.ts';
import { parsePlaybook, type ReadyPlaybook } from './playbook/parse.ts';
import {
  type Conversation,
  type ListedJob,
  readConversation,
  readJobs,
  readLines,
} from './playbook/read-messages.ts';
import { type Diagnosed, renderNote, renderThread } from './playbook/render.ts';
import type { Model, ModelRequest, ModelTurn, ToolCall } from './types.ts';

const mostBytes = 1024 * 1024;
/** Each is asked for its end and for its errors, and a turn has sixteen calls at most. */
const mostRead = 8;
const mostThreads = 3;

const [listTool, logTool, noteTool, threadTool] = [
  'list-pipeline-jobs',
  'read-job-log',
  'propose_note',
  'propose_thread',
] as const;

/**
 * Opens a table of known causes that answers in the place of a model: it lists the jobs of the pipeline, reads the logs of those
 * that failed, and proposes a note. What it does next follows from the conversation alone, as with any model, so a session goes
 * on and is recorded like any other. It opens no socket and costs nothing.
 * @throws Failures of MODEL_PLAYBOOK, and what reading a file throws; `generate` MODEL_PLAYBOOK_TOOLS
 */
export async function openPlaybook(context: Context, path: string): Promise<Model> {
  await assertNoLinks(context, path);
  const playbook = await parsePlaybook(path, await readTextFile(context, path, { maxBytes: mostBytes }));
  return {
    id: 'playbook',
    generate: async (request) => {
      assertTools(request);
      return nextTurn(playbook, request, readConversation(request));
    },
  };
}

function assertTools(request: ModelRequest): void {
  const missing = [listTool, noteTool].filter((name) => !offers(request, name));
  if (missing.length > 0) throw errors.PLAYBOOK_TOOLS({ missing: missing.join(' and ') });
}

function nextTurn(playbook: ReadyPlaybook, request: ModelRequest, conversation: Conversation): ModelTurn {
  const { calls, answers } = conversation;
  if (calls.some(({ id }) => id === 'report')) return turn('Done.');
  const listed = answers.get('jobs');
  if (listed === undefined) return turn('', call('jobs', listTool, {}));
  const answer = (...parts: Parameters<typeof planAnswer>) =>
    wantsFailures(request) ? [call('answer', 'answer', planAnswer(...parts))] : [];
  if (listed.failed)
    return turn('The jobs of the pipeline cannot be listed.', ...answer([], [], false), report(0));
  const jobs = readJobs(listed.text);
  const failed = jobs.filter(({ status }) => status === 'failed').sort((a, b) => rank(a) - rank(b));
  const running = jobs.filter(({ status }) => waiting.has(status)).length;
  if (failed.length === 0)
    return turn('No job of the pipeline has failed.', ...answer([], [], running === 0), report(1));
  const read = failed.slice(0, mostRead);
  if (offers(request, logTool) && !read.some(({ id }) => answers.has(`end-${id}`)))
    return turn('', ...read.flatMap(({ id }) => logCalls(id, playbook)));
  const diagnosed = read.map((job) => diagnosedOf(playbook, job, conversation));
  const unread = failed.slice(mostRead);
  const body = renderNote(diagnosed, { unread: unread.length, running });
  const known = diagnosed.filter(({ diagnosis }) => diagnosis.known).length;
  return turn(
    `${known} of ${failed.length} causes are known.`,
    call('note', noteTool, { body }),
    ...(offers(request, threadTool) ? threadCalls(diagnosed) : []),
    ...answer(diagnosed, unread, running === 0),
    report(known / failed.length),
  );
}

/** What has not ended yet; what waits for a person is not waited for. */
const waiting: ReadonlySet<string> = new Set([
  'created',
  'pending',
  'preparing',
  'running',
  'waiting_for_resource',
]);

/** Those that may fail come last. */
function rank({ isAllowed }: ListedJob): number {
  return isAllowed ? 1 : 0;
}

function logCalls(job: number, { errors: pattern }: ReadyPlaybook): readonly ToolCall[] {
  return [
    call(`end-${job}`, logTool, { job }),
    call(`errors-${job}`, logTool, { job, pattern, regex: true }),
  ];
}

function diagnosedOf(
  playbook: ReadyPlaybook,
  { id, name, reason }: ListedJob,
  { answers }: Conversation,
): Diagnosed {
  const read = [answers.get(`errors-${id}`), answers.get(`end-${id}`)].filter(
    (each) => each?.failed === false,
  );
  const lines = read.length === 0 ? undefined : readLines(...read.map((each) => each?.text ?? ''));
  const job: FailedJob = { id, name, reason, lines };
  return { job, diagnosis: diagnose(playbook, job) };
}

/** Where a log names a file and a line: the desk says whether the merge request changes it, and takes it only then. */
function threadCalls(diagnosed: readonly Diagnosed[]): readonly ToolCall[] {
  const places = new Map<string, ToolCall>();
  for (const one of diagnosed) {
    const { file = '', line = '' } = one.diagnosis.known ? one.diagnosis.groups : {};
    const place = { file: file.replace(/^\.\//, ''), line: Number(line) };
    if (place.file === '' || !Number.isSafeInteger(place.line) || place.line < 1) continue;
    const key = `${place.file}:${place.line}`;
    if (places.has(key) || places.size === mostThreads) continue;
    places.set(key, call(`thread-${places.size}`, threadTool, { ...place, body: renderThread(one) }));
  }
  return [...places.values()];
}

function offers({ tools }: ModelRequest, name: string): boolean {
  return tools.some((tool) => tool.name === name);
}

function call(id: string, name: string, input: { readonly [name: string]: JsonValue }): ToolCall {
  return { id, name, arguments: input };
}

function report(confidence: number): ToolCall {
  return call('report', 'report', { confidence });
}

function turn(text: string, ...toolCalls: readonly ToolCall[]): ModelTurn {
  return { text, toolCalls, usage: { inputTokens: 0, outputTokens: 0 }, costPicoUsd: 0n };
}
