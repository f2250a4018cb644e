import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProtectedBranch } from '../../components/gitlab/endpoints/branches.ts';
import { letDevelopers, mayRun, rulesOf } from '../../components/setup/protection.ts';
import { matchesWildcard } from '../../components/twin/world/access.ts';
import { processorTime } from '../support/processor-time.ts';

type Level = ProtectedBranch['pushAccessLevels'][number];

const level = (accessLevel: number | undefined, userId?: number): Level => ({ accessLevel, userId });

function rule(name: string, push: readonly Level[], merge: readonly Level[]): ProtectedBranch {
  const other = { allowForcePush: false, codeOwnerApprovalRequired: undefined };
  return { name, ...other, pushAccessLevels: push, mergeAccessLevels: merge };
}

test('a rule holds for the branches that GitLab says it does', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.', '*'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, name, (written, branch) => {
      expect(rulesOf([rule(written, [], [])], branch).length > 0).toBe(matchesWildcard(written, branch));
    }),
  );
});

test('a hostile pattern takes no time', () => {
  const spent = processorTime();
  expect(rulesOf([rule('a*'.repeat(20_000), [], [])], `${'a'.repeat(50_000)}b`)).toHaveLength(1);
  expect(rulesOf([rule(`${'*a'.repeat(50_000)}c`, [], [])], 'a'.repeat(50_000))).toEqual([]);
  expect(spent()).toBeLessThan(1000);
});

describe('who may run a branch', () => {
  const developer = { id: 7, accessLevel: 30 };
  const usual = [rule('main', [level(40)], [level(30)])];
  test.each<[string, readonly ProtectedBranch[], number, string]>([
    ['a developer who may merge', usual, 30, 'yes'],
    ['a reporter', usual, 20, 'no'],
    ['a maintainer where nobody may push or merge', [rule('main', [level(0)], [level(0)])], 40, 'no'],
    ['a developer where maintainers may', [rule('main', [level(40)], [level(40)])], 30, 'no'],
    ['a developer of a branch without rules', [], 30, 'yes'],
    ['a reporter of a branch without rules', [], 20, 'no'],
    ['the user whom a rule names', [rule('main', [level(undefined, 7)], [level(40)])], 30, 'yes'],
    ['another user than the rule names', [rule('main', [level(undefined, 8)], [level(40)])], 30, 'no'],
    ['a user where a rule names a group', [rule('main', [level(undefined)], [level(40)])], 30, 'unknown'],
  ])('%s: %s', (_, rules, accessLevel, expected) => {
    expect(mayRun(rules, { ...developer, accessLevel })).toBe(expected);
  });

  test('nobody is no developer', () => {
    expect(letDevelopers([rule('main', [level(0)], [level(30)])], 'push')).toBe(false);
    expect(letDevelopers([rule('main', [level(0)], [level(30)])], 'merge')).toBe(true);
    expect(letDevelopers([rule('main', [level(undefined, 7)], [level(60)])], 'push')).toBe(false);
  });
});
