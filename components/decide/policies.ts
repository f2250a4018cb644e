import type { Finding } from '../kernel/finding.ts';
import { readDefaultLevel } from '../policy/default.ts';
import { createEngine } from '../policy/engine.ts';
import { parsePolicies } from '../policy/parse.ts';
import type { Certification, ParsedLevel, PolicyEngine, PolicyFile } from '../policy/types.ts';

/** Said where policies have mistakes: nobody knows what they say. */
export const brokenPolicies = 'the policies have mistakes, so nothing is decided';

export interface Policies {
  readonly engine: PolicyEngine;
  readonly certifications: readonly Certification[];
  readonly findings: readonly Finding[];
  /** Whether a condition asks for a fact: some cost requests to know. */
  readonly asksFor: (fact: string) => boolean;
}

/**
 * Puts the levels together: ours, the organisation's, the project's. Certificates lift what policies forbid, so they are
 * the widest's to give: where an organisation has policies the project's own certificates do not count.
 */
export async function readPolicies(
  organisation: readonly PolicyFile[],
  project: readonly PolicyFile[],
): Promise<Policies> {
  const levels: ParsedLevel[] = [await readDefaultLevel()];
  if (organisation.length > 0) levels.push(await parsePolicies('organisation', organisation));
  if (project.length > 0) levels.push(await parsePolicies('project', project));
  const giving = levels.find(({ name }) => name !== 'default');
  return {
    engine: createEngine(levels),
    certifications: giving?.certifications ?? [],
    findings: levels.flatMap(({ findings }) => findings),
    asksFor: (fact) =>
      levels.some(({ policies }) =>
        policies.some(({ conditions }) => conditions.some(({ facts }) => facts.includes(fact))),
      ),
  };
}
