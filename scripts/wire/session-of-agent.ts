import { openTokenCounter } from '../../components/models/count-tokens.ts';
import type { ModelName } from '../../components/models/types.ts';
import { endOfAgent } from '../../components/session/result.ts';
import { runAgent } from '../../components/session/run-agent.ts';
import { endWithoutModel, nothingYet } from '../../components/session/steps.ts';
import type { AgentManifest, StepGate } from '../../components/session/types.ts';
import type { SessionLog } from '../../components/stores/types.ts';
import { openBudget } from './run-budget.ts';
import { planEgress, useOfEgress } from './run-egress.ts';
import { planProgram } from './run-loop.ts';
import { openRunModel } from './run-model.ts';
import { type Asked, createOutside } from './run-outside.ts';
import { printIteration } from './run-print.ts';
import { planServers, useOfServers } from './run-servers.ts';
import { openTools } from './run-tools.ts';
import type { Prepared, Runnable, Start } from './session-start.ts';

/** What is missing is told before a session is begun. */
export async function prepareAgent(
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
