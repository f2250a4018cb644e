import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { openTokenCounter } from '../../components/models/count-tokens.ts';
import type { ModelName } from '../../components/models/types.ts';
import { errors as sandboxErrors } from '../../components/sandbox/errors.ts';
import type { Rung, Sandbox } from '../../components/sandbox/types.ts';
import { errors } from '../../components/session/errors.ts';
import { endOfAgent, endOfTask, type SessionEnd } from '../../components/session/result.ts';
import { runAgent } from '../../components/session/run-agent.ts';
import { runTask } from '../../components/session/run-task.ts';
import { endWithoutModel, nothingYet } from '../../components/session/steps.ts';
import type { AgentManifest, StepGate, TaskManifest } from '../../components/session/types.ts';
import type { SessionLog, SessionStore } from '../../components/stores/types.ts';
import type { BudgetInputs } from './budget-inputs.ts';
import { parseHead, renderHead } from './head.ts';
import type { ModelInputs } from './model-inputs.ts';
import { openBudget } from './run-budget.ts';
import { openDesk } from './run-desk.ts';
import { type EgressInputs, planEgress, useOfEgress } from './run-egress.ts';
import { planProgram } from './run-loop.ts';
import { type CheckedRunnable, sourceOf } from './run-manifest.ts';
import { openRunModel } from './run-model.ts';
import { type Asked, createOutside } from './run-outside.ts';
import type { RunPlace } from './run-place.ts';
import { printAttempt, printIteration, printStart } from './run-print.ts';
import { planServers, type ServerInputs, useOfServers } from './run-servers.ts';
import { openTools } from './run-tools.ts';
import { chooseStoreOf, openStore, type StoreInputs } from './session-store.ts';

/** Bytes of a task's input. */
const mostInput = 1024 * 1024;

export interface SessionInputs extends StoreInputs, BudgetInputs, ModelInputs, EgressInputs, ServerInputs {
  readonly sandbox: 'require' | 'off';
  readonly session: string;
  /** As it is printed: sequence and tag. */
  readonly head: string;
  readonly input: string;
  readonly 'accept-changes': boolean;
}

export interface RanSession {
  readonly id: string;
  readonly epoch: number;
  /** Of its log; whoever goes on can hold the log against it. */
  readonly head: string;
  readonly rung: Rung;
  readonly store: SessionStore;
  readonly end: SessionEnd;
}

type Runnable = Extract<CheckedRunnable, { ok: true }>;

export interface SessionParts {
  readonly gate: StepGate;
  readonly sandbox: Sandbox;
  /** Takes what was asked of the outside; also where the session fails. */
  readonly keep: (session: string, asked: Asked) => Promise<void>;
}

/** Begins a session or goes on with one, and runs it to the end of this job's share. An empty input counts as not given. */
export async function runSession(
  context: Context,
  place: RunPlace,
  runnable: Runnable,
  { gate, sandbox, keep }: SessionParts,
  inputs: SessionInputs,
): Promise<RanSession> {
  const { rung, reason = '' } = await sandbox.state();
  const { manifest } = runnable;
  // What is a program of the repository through and through runs shut in or not at all.
  const isProgram = manifest.kind === 'Task' || runnable.loop !== undefined;
  if (isProgram && inputs.sandbox === 'off') throw sandboxErrors.OFF(undefined);
  if (isProgram && rung === 'none') throw sandboxErrors.UNAVAILABLE({ reason });
  if (manifest.kind === 'Agent' && manifest.state.encrypted && inputs.keys.current === undefined)
    throw errors.ENCRYPTION_KEY({ file: place.manifest.path });
  const backend = manifest.kind === 'Agent' ? manifest.backend : undefined;
  const chosen = chooseStoreOf(context, inputs, backend);
  const store = await openStore(context, { ...inputs, store: chosen.store });
  const id = inputs.session === '' ? randomUUID() : inputs.session;
  const source = sourceOf(context, place.manifest, runnable);
  const shared = {
    ...{ source, target: place.target, session: id, deadline: place.deadline, gate },
    acceptsChanges: inputs['accept-changes'],
    ...{ conditions: runnable.conditions, desk: await openDesk(context, place, runnable.choices) },
  };
  const start: Start = { context, place, inputs, shared, sandbox, keep };
  const { told, run, close } =
    manifest.kind === 'Agent'
      ? await prepareAgent(start, manifest, runnable)
      : await prepareTask(start, manifest);
  const how = inputs.session === '' ? 'begin' : 'resume';
  const retention = manifest.kind === 'Agent' ? manifest.retention : undefined;
  try {
    const log = await store.open(id, how, parseHead(inputs.head), retention);
    try {
      printStart(context, { id, log, rung, reason, store, retention, instead: chosen.instead, told });
      const end = await run(log);
      return { id, epoch: log.epoch, head: renderHead(log.head()), rung, store, end };
    } finally {
      await log.close();
    }
  } finally {
    await close();
  }
}

interface Start {
  readonly context: Context;
  readonly place: RunPlace;
  readonly inputs: SessionInputs;
  readonly shared: Pick<
    Parameters<typeof runTask>[1],
    'source' | 'target' | 'acceptsChanges' | 'session' | 'deadline' | 'conditions' | 'desk' | 'gate'
  >;
  readonly sandbox: Sandbox;
  readonly keep: SessionParts['keep'];
}

interface Prepared {
  /** What is said before it begins. */
  readonly told: readonly string[];
  readonly run: (log: SessionLog) => Promise<SessionEnd>;
  readonly close: () => Promise<void>;
}

/** What is missing is told before a session is begun. */
async function prepareAgent(
  { context, place, inputs, shared, sandbox, keep }: Start,
  manifest: AgentManifest,
  { declared, loop, answer }: Pick<Runnable, 'declared' | 'loop' | 'answer'>,
): Promise<Prepared> {
  const { title } = place;
  const program = await planProgram(context, place, loop, sandbox);
  const account = await openBudget(context, place, manifest, inputs);
  const { budget, priceOf } = account;
  const plan = planEgress(inputs['allow-hosts'], declared);
  const called = useOfServers(planServers(inputs['allow-mcp'], declared), manifest, declared);
  const keepAsked = (asked: Asked) => keep(shared.session, asked);
  const outside = createOutside(context, plan.entries, keepAsked, called.servers);
  const closing: (() => Promise<void>)[] = [account.close, outside.close];
  const close = async () => {
    for (const each of closing.toReversed()) await each();
  };
  // Policies are asked right before each call with what the session has come to, which holds for a model in its place, too.
  let soFar = nothingYet;
  const gate: StepGate = (step, now) => {
    soFar = now;
    return shared.gate(step, now);
  };
  const refuses = async (name: ModelName) => endWithoutModel(shared.gate, name, soFar)?.reason;
  try {
    // Where a budget is in money, its price is known before the session begins.
    const access = outside.openModels;
    const model = await openRunModel(context, manifest, inputs, { priceOf, refuses, access });
    const use = useOfEgress(plan, manifest, declared);
    const { tools, surroundings, ...held } = await openTools(context, place, {
      ...{ manifest, declared, sandbox, openServer: outside.openServer },
      egress: plan.allow.length === 0 ? undefined : { allow: plan.allow, fetch: outside.fetch },
      socket: use.needsSocket ? await outside.openSocket() : undefined,
    });
    closing.push(held.close);
    const run = async (log: SessionLog) =>
      endOfAgent(
        await runAgent(context, {
          ...{ ...shared, gate, manifest, model, budget, openTokenCounter },
          ...{ tools, surroundings, answer, log, title, program },
          onIteration: (state) => printIteration(context, state),
        }),
      );
    return { told: [...account.told, ...use.told, ...called.told, ...held.told], run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepareTask(
  { context, place, inputs, shared, sandbox }: Start,
  manifest: TaskManifest,
): Promise<Prepared> {
  const file = inputs.input === '' ? undefined : inputs.input;
  const input = { file, value: file === undefined ? {} : await readInput(context, file) };
  const root = await place.checkout();
  const run = async (log: SessionLog) =>
    endOfTask(
      await runTask(context, {
        ...{ ...shared, manifest, input, sandbox, root, log },
        onFailed: (attempt, reason) => printAttempt(context, attempt, reason),
      }),
    );
  return { told: [], run, close: async () => undefined };
}

async function readInput(context: Context, file: string): Promise<JsonValue> {
  const refuse = (error: unknown) => errors.INPUT_INVALID({ file, reason: (error as Error).message }, error);
  const text = await readTextFile(context, file, { maxBytes: mostInput }).catch((error: unknown) => {
    throw error instanceof Failure ? refuse(error) : error;
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(error);
  }
}
