import type { CheckedFacts, ExpressionError } from '../expressions/types.ts';
import { digest } from '../kernel/canonical.ts';
import type { DecidingPolicy } from '../kernel/decision.ts';
import { evaluator } from './evaluator.ts';
import { compileMatch } from './match.ts';
import { buildMatchIndex, type Candidates, type MatchIndex } from './match-index.ts';
import type { ParsedLevel, Policy, PolicyDecision, PolicyEngine, PolicyRequest } from './types.ts';
import { wishInWords } from './wish.ts';

/** A policy made ready: its row is the same in every decision. */
interface Ready extends Policy {
  readonly level: number;
  /** What is left to ask of a request after the look-up. */
  readonly matches: ((request: PolicyRequest) => boolean) | undefined;
  readonly row: DecidingPolicy;
}

interface Compiled {
  readonly names: readonly string[];
  readonly index: MatchIndex<Ready>;
  /** By action the levels that must permit it. */
  readonly permitting: ReadonlyMap<string, readonly number[]>;
}

const nothing: readonly DecidingPolicy[] = [];

/** Of an action that no policy is about the widest level must permit as of any other. */
const widest: readonly number[] = [0];

/**
 * Makes an engine of levels, the widest first. The widest must permit each request, and so must every other that has a
 * permit for the action; a forbid of any level denies. So a level below can only narrow. A forbid that cannot be
 * evaluated denies, a permit that cannot be evaluated permits nothing. A level with a broken document denies everything.
 *
 * @throws TypeError where there is no level, or two of one name, whose policies could not be told apart
 */
export function createEngine(levels: readonly ParsedLevel[]): PolicyEngine {
  const names = levels.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size < names.length)
    throw new TypeError(`policies need levels of different names, not [${names.join(', ')}]`);
  const broken = levels.flatMap((level) => level.broken.map((document) => rowOfBroken(level.name, document)));
  return {
    decide: broken.length > 0 ? () => denial(broken) : decideWith(compile(levels)),
    digest: digest(levels.map((level) => level.digest)),
    levels: levels.map(({ name, policies }) => ({ name, policies: policies.length })),
  };
}

function compile(levels: readonly ParsedLevel[]): Compiled {
  const ready = levels.flatMap(({ name, policies }, level) =>
    policies.map((policy) => makeReady(policy, name, level)),
  );
  const permits = ready.filter(({ effect }) => effect === 'permit');
  const permitting = new Map<string, readonly number[]>();
  for (const action of ready.flatMap(({ match }) => match.actions)) {
    const own = permits.filter(({ match }) => match.actions.includes(action)).map(({ level }) => level);
    permitting.set(action, [...new Set([0, ...own])]);
  }
  return { names: levels.map(({ name }) => name), index: buildMatchIndex(ready), permitting };
}

function makeReady(policy: Policy, levelName: string, level: number): Ready {
  const { name, effect, message, fix } = policy;
  const row = {
    id: `${levelName}/${name}`,
    level: levelName,
    effect,
    message,
    ...(fix === undefined ? {} : { fix }),
  };
  return { ...policy, level, matches: compileMatch(policy.match), row };
}

/** All forbids are asked, whatever the first says: whoever is stopped learns everything that stops it. */
function decideWith(compiled: Compiled): PolicyEngine['decide'] {
  return (request) => {
    const facts = evaluator.check(request.facts);
    const candidates = compiled.index(request);
    const denied: DecidingPolicy[] = [];
    const warnings: DecidingPolicy[] = [];
    for (const { forbids } of candidates) {
      for (const policy of forbids) {
        const row = rowOf(policy, request, facts);
        if (row === undefined) continue;
        if (policy.severity === 'warning') warnings.push(row);
        else denied.push(row);
      }
    }
    const { rows, refused } = judgePermits(compiled, candidates, request, facts);
    for (const row of refused) denied.push(row);
    return denied.length === 0 ? { effect: 'allow', policies: rows, warnings } : denial(denied, warnings);
  };
}

interface JudgedPermits {
  /** Permits that hold. */
  readonly rows: readonly DecidingPolicy[];
  /** Of each level that must permit and does not: the permits that could not be evaluated, and a row of its own. */
  readonly refused: readonly DecidingPolicy[];
}

function judgePermits(
  { names, permitting }: Compiled,
  candidates: readonly Candidates<Ready>[],
  request: PolicyRequest,
  facts: CheckedFacts,
): JudgedPermits {
  const rows: DecidingPolicy[] = [];
  const permitted: number[] = [];
  const voided: { readonly level: number; readonly row: DecidingPolicy }[] = [];
  for (const { permits } of candidates) {
    for (const policy of permits) {
      const row = rowOf(policy, request, facts);
      if (row === undefined) continue;
      if (row.effect === 'error') voided.push({ level: policy.level, row });
      else {
        rows.push(row);
        permitted.push(policy.level);
      }
    }
  }
  const refused: DecidingPolicy[] = [];
  for (const level of permitting.get(request.action) ?? widest) {
    if (permitted.includes(level)) continue;
    for (const one of voided) if (one.level === level) refused.push(one.row);
    refused.push(rowOfSilence(names[level] ?? '', request));
  }
  return { rows, refused };
}

/** The row of a policy that is about the request and whose conditions hold, or one of them cannot be evaluated. */
function rowOf(policy: Ready, request: PolicyRequest, facts: CheckedFacts): DecidingPolicy | undefined {
  if (policy.matches !== undefined && !policy.matches(request)) return undefined;
  for (const condition of policy.conditions) {
    const result = condition.evaluate(facts);
    if (result === false) return undefined;
    if (result !== true) return rowOfError(policy, result);
  }
  return policy.row;
}

function rowOfError({ row, effect }: Ready, { message, fact }: ExpressionError): DecidingPolicy {
  const consequence = effect === 'forbid' ? 'which denies' : 'which permits nothing';
  return {
    ...{ id: row.id, level: row.level, effect: 'error' },
    message: `this ${effect} cannot be evaluated, ${consequence}: ${message}. It says: ${row.message}`,
    fix:
      fact === undefined
        ? 'Change the condition so that it has an answer for every request it is asked about.'
        : `See that ${fact} is known where this is decided, or match only requests that have it.`,
  };
}

function rowOfSilence(level: string, request: PolicyRequest): DecidingPolicy {
  const what = `this agent ${wishInWords(request)}`;
  return {
    id: `${level}/${noPermit}`,
    level,
    effect: 'forbid',
    message: `no policy of level ${level} permits ${what}`,
    fix: `Add a permit to level ${level} that fits this request, or change the agent so that one does.`,
  };
}

function rowOfBroken(level: string, { name, message }: ParsedLevel['broken'][number]): DecidingPolicy {
  return {
    ...{ id: `${level}/${name}`, level, effect: 'error', message },
    fix: 'Correct the document; until all policies can be read, everything is denied.',
  };
}

function denial(policies: readonly DecidingPolicy[], warnings = nothing): PolicyDecision {
  return { effect: 'deny', policies, warnings };
}

/** Name that the row of a level has which permits nothing; no policy may be called so. */
export const noPermit = 'no-permit';
