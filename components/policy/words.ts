import type { FactValues } from '../expressions/types.ts';
import { withoutControls } from '../kernel/log.ts';
import type { Difference, Outcome } from './compare.ts';
import { inWords } from './testing/run.ts';
import type { TracedCondition, TracedPolicy } from './trace.ts';
import type { PolicyDecision, PolicyRequest } from './types.ts';
import { wishInWords } from './wish.ts';

/** Why a request is decided as it is, in lines: each policy that is about it, with its conditions and the facts they ask for. */
export function renderTrace(
  name: string,
  request: PolicyRequest,
  decision: PolicyDecision,
  traced: readonly TracedPolicy[],
): string {
  const lines = [
    `${name}: ${whatIsAsked(request)}`,
    ...traced.flatMap(({ level, policy, answer, conditions }) => [
      `  ${level}/${policy.name}, a ${policy.effect}${policy.severity === 'warning' ? ' that only warns' : ''}, ${holds(answer)}`,
      ...conditions.flatMap((condition) => conditionLines(condition, request.facts)),
    ]),
    ...(traced.length === 0 ? ['  no policy is about it'] : []),
    `decision: ${inWords(decision)}`,
  ];
  return `${lines.map(clean).join('\n')}\n`;
}

function whatIsAsked({ agent, ...request }: PolicyRequest): string {
  return `${agent.kind} ${agent.name} (${agent.tier}) wants ${wishInWords(request)}`;
}

function holds(answer: TracedPolicy['answer']): string {
  if (typeof answer !== 'boolean') return `cannot be evaluated: ${answer.message}`;
  return answer ? 'holds' : 'does not hold';
}

function conditionLines({ source, facts, answer }: TracedCondition, values: FactValues): readonly string[] {
  const said = typeof answer === 'boolean' ? String(answer) : 'no answer';
  return [
    `    ${said}: ${source.replace(/\s+/g, ' ').trim()}`,
    ...facts.map((name) => `      ${name} = ${name in values ? JSON.stringify(values[name]) : 'absent'}`),
  ];
}

/** Requests that are decided otherwise, a line for what was and one for what is. */
export function renderDifferences(differences: readonly Difference[], asked: number): string {
  const lines = [
    ...differences.flatMap(({ name, request, before, after }) => [
      `${name}: ${whatIsAsked(request)}`,
      `  before ${outcome(before)}`,
      `  now    ${outcome(after)}`,
    ]),
    `${differences.length} of ${asked} requests are decided otherwise`,
  ];
  return `${lines.map(clean).join('\n')}\n`;
}

function outcome({ effect, by }: Outcome): string {
  return `${effect} by ${by.length === 0 ? 'none' : by.join(', ')}`;
}

function clean(line: string): string {
  return withoutControls(line.replace(/[\n\t]/g, ' '));
}
