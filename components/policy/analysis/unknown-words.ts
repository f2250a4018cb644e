import { createWordSearch } from '../../expressions/compared-words.ts';
import { environments } from '../../expressions/registry.ts';
import { listed, nearest } from '../../kernel/suggest.ts';
import type { PlacedIssue } from '../check-document.ts';
import { policyFindings as codes } from '../findings.ts';
import type { Policy } from '../types.ts';

const wordsIn = createWordSearch(environments.policy);
const facts = new Map(environments.policy.facts.map((fact) => [fact.name, fact]));

/** Words that a policy compares a fact with and that it never is, or that OSSA does not have. */
export function unknownWords({ conditions }: Policy): readonly PlacedIssue[] {
  return conditions.flatMap(({ source }, index) =>
    wordsIn(source).flatMap(({ fact, word }): PlacedIssue[] => {
      const { values, isOpen } = facts.get(fact) ?? {};
      if (values === undefined || values.some((value) => value === word)) return [];
      const known = values.map(String);
      const near = nearest(word, known);
      const why = isOpen === true ? 'which OSSA does not have' : 'which it never is';
      return [
        {
          ...{ code: codes.UNKNOWN_WORD, path: ['spec', 'conditions', index] },
          message: `${fact} is compared with "${word}", ${why}`,
          expected: `one of: ${listed(known)}`,
          ...(near === undefined ? {} : { suggestion: near }),
        },
      ];
    }),
  );
}
