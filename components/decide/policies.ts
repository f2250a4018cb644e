import type { Finding } from '../kernel/finding.ts';
import { readDefaultLevel } from '../policy/default.ts';
import { createEngine } from '../policy/engine.ts';
import { parsePolicies } from '../policy/parse.ts';
import type { Certification, ParsedLevel, PolicyEngine, PolicyFile } from '../policy/types.ts';
import type { PulledLevel } from './pulled-level.ts';
import type { DecisionLevel, DecisionPolicies } from './report.gen.ts';

/** Said where policies have mistakes: nobody knows what they say. */
export const brokenPolicies = 'the policies have mistakes, so nothing is decided';

/** Policies of all levels but ours. */
export interface LevelFiles {
  /** Of the trusted project; none where it does not decide. */
  readonly organisation?: readonly PolicyFile[];
  /** Of policy projects, the widest first. */
  readonly pulled?: readonly PulledLevel[];
  /** Of the target branch. */
  readonly project: readonly PolicyFile[];
}

export interface Policies {
  readonly engine: PolicyEngine;
  readonly certifications: readonly Certification[];
  readonly findings: readonly Finding[];
  /** As a report records them, from the widest down. */
  readonly levels: readonly DecisionLevel[];
  /** Whether a condition asks for a fact: some cost requests to know. */
  readonly asksFor: (fact: string) => boolean;
}

/**
 * Puts the levels together: ours, the organisation's, those of policy projects, the project's. Certificates lift what
 * policies forbid, so they are the widest's to give: where a wider level is not ours, those of the levels below do not count.
 */
export async function readPolicies({
  organisation = [],
  pulled = [],
  project,
}: LevelFiles): Promise<Policies> {
  const levels: ParsedLevel[] = [await readDefaultLevel()];
  if (organisation.length > 0) levels.push(await parsePolicies('organisation', organisation));
  levels.push(...pulled.map(({ level }) => level));
  if (project.length > 0) levels.push(await parsePolicies('project', project));
  const giving = levels.find(({ name }) => name !== 'default');
  return {
    engine: createEngine(levels),
    certifications: giving?.certifications ?? [],
    findings: levels.flatMap(({ findings }) => findings),
    levels: levels.map((level) => recordOf(level, pulled)),
    asksFor: (fact) =>
      levels.some(({ policies }) =>
        policies.some(({ conditions }) => conditions.some(({ facts }) => facts.includes(fact))),
      ),
  };
}

function recordOf(level: ParsedLevel, pulled: readonly PulledLevel[]): DecisionLevel {
  const from = pulled.find((one) => one.level === level);
  return {
    ...{ name: level.name, policies: level.policies.length, digest: from?.digest ?? level.digest },
    ...(from && { source: { ...from.source } }),
  };
}

/** What a report says of the policies that counted. */
export function recordPolicies({ engine, levels }: Policies, commit: string): DecisionPolicies {
  return { digest: engine.digest, commit, levels: levels.map((level) => ({ ...level })) };
}
