import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { redactData } from '../../components/kernel/redact.ts';
import { createEngine } from '../../components/policy/engine.ts';
import { trace } from '../../components/policy/trace.ts';
import { renderTrace } from '../../components/policy/words.ts';
import { areBroken } from './policy-diff.ts';
import type { PolicyInputs } from './policy-inputs.ts';
import { readLevels } from './policy-levels.ts';
import { readRequests } from './policy-requests.ts';

/** Says why each request of a file is decided as it is: every policy about it, and what each condition says to it. */
export async function explainRequests(
  context: Context,
  inputs: PolicyInputs,
  file: string,
): Promise<ExitCode> {
  const { all } = await readLevels(context, inputs, true);
  if (await areBroken(context, all)) return exitCodes.findings;
  const engine = createEngine(all);
  const { requests } = await readRequests(context, file);
  const explained = requests.map(({ name, request }) => ({
    ...{ name, request, decision: engine.decide(request) },
    traced: trace(all, request),
  }));
  if (inputs.json) {
    const answers = explained.map(({ traced, ...rest }) => ({
      ...rest,
      policies: traced.map(({ level, policy, answer, conditions }) => ({
        ...{ id: `${level}/${policy.name}`, effect: policy.effect, severity: policy.severity },
        ...{ answer, conditions },
      })),
    }));
    context.print(`${JSON.stringify(redactData(context.redact, { requests: answers }), undefined, 2)}\n`);
    return exitCodes.ok;
  }
  for (const { name, request, decision, traced } of explained)
    context.print(context.redact(renderTrace(name, request, decision, traced)));
  return exitCodes.ok;
}
