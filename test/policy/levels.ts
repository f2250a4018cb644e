import { expect } from 'vitest';
import { parsePolicies } from '../../components/policy/parse.ts';
import type { Match, ParsedLevel, PolicyDecision, PolicyRequest } from '../../components/policy/types.ts';

/** A policy as a test writes it; JSON is YAML. */
export interface Written {
  readonly name: string;
  readonly effect: 'permit' | 'forbid';
  readonly match?: Match;
  readonly conditions?: readonly string[];
  readonly severity?: 'error' | 'warning';
  readonly fix?: string;
}

export const everything: Match = { actions: ['run', 'propose'] };

/** A level of one file with a document for each policy, all of them right; without policies it has no file. */
export async function level(name: string, policies: readonly Written[]): Promise<ParsedLevel> {
  const files = policies.length === 0 ? [] : [{ path: `${name}.yaml`, text: textOf(policies) }];
  const parsed = await parsePolicies(name, files);
  expect(parsed.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return parsed;
}

export function textOf(policies: readonly Written[]): string {
  return policies
    .map(({ name, match = everything, ...spec }) => {
      const written = { ...spec, match, message: `about ${name}` };
      return JSON.stringify({
        ...{ apiVersion: 'pipewright/v1', kind: 'Policy' },
        ...{ metadata: { name }, spec: written },
      });
    })
    .join('\n---\n');
}

/** A proposal of a note by an agent of tier 1, or what it is changed to. */
export function request(changes: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    ...{ action: 'propose', resource: 'note', facts: {} },
    agent: { name: 'reviewer', kind: 'Agent', tier: 'tier_1_read' },
    ...changes,
  };
}

/** A decision as tables compare it: what it is, then the policies with their effects, then the warnings. */
export function shown({ effect, policies, warnings }: PolicyDecision): string {
  const ids = (rows: PolicyDecision['policies']) =>
    rows.map((row) => ` ${row.effect === 'error' ? '!' : ''}${row.id}`).join('');
  return `${effect}:${ids(policies)}${warnings.length > 0 ? ` ~${ids(warnings)}` : ''}`;
}
