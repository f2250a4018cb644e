import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../components/lint-ci/conditions/evaluate.ts';
import { parseCondition } from '../../components/lint-ci/conditions/parse.ts';
import { runsIn } from '../../components/lint-ci/conditions/when.ts';
import { branchFacts, mergeRequestFacts } from '../../components/lint-ci/names/gitlab.ts';
import { fieldOf, Work } from '../../components/lint-ci/read/node.ts';
import { parseSource } from '../../components/lint-ci/read/source.ts';

test.each<readonly [string, boolean | undefined, boolean | undefined]>([
  ['$CI_PIPELINE_SOURCE == "merge_request_event"', true, false],
  ["$CI_PIPELINE_SOURCE != 'push'", true, false],
  ['$CI_MERGE_REQUEST_IID', true, false],
  ['$CI_COMMIT_BRANCH', false, true],
  ['$CI_COMMIT_BRANCH == null', true, false],
  ['$CI_COMMIT_TAG =~ /^v/', false, false],
  ['$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH', false, false],
  ['$CI_PIPELINE_SOURCE =~ /^merge_request/', true, false],
  ['$CI_PIPELINE_SOURCE =~ /MERGE/i && $OTHER', undefined, false],
  ['$OTHER || $CI_MERGE_REQUEST_IID', true, undefined],
  ['!($CI_COMMIT_BRANCH || $CI_COMMIT_TAG)', true, false],
  ['$CI_COMMIT_REF_PROTECTED == "true"', false, false],
  ['$A == "1" && $CI_COMMIT_TAG', false, false],
  ['$CI_MERGE_REQUEST_TITLE =~ /^Draft/', undefined, false],
  ['$A =~ $B', undefined, undefined],
  ['$A =~ /(/', undefined, undefined],
  ['"$[[ inputs.on ]]" == "yes" && $CI_MERGE_REQUEST_IID', undefined, false],
  ['$A ==', undefined, undefined],
  ['A == 1', undefined, undefined],
  ['', undefined, undefined],
  [`${'('.repeat(200)}$A`, undefined, undefined],
])('%s', (text, inMergeRequest, inBranch) => {
  const condition = parseCondition(text);
  expect([evaluate(condition, mergeRequestFacts), evaluate(condition, branchFacts)]).toEqual([
    inMergeRequest,
    inBranch,
  ]);
});

test('what is not known is never decided: it agrees with every value that the unknown may have', () => {
  const operand = fc.constantFrom('$A', '$B', '"x"', '"y"', 'null');
  const leaf = fc.tuple(operand, fc.constantFrom('==', '!='), operand).map((parts) => parts.join(' '));
  const conditions = fc.letrec<{ one: string }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc
        .tuple(tie('one'), fc.constantFrom('&&', '||'), tie('one'))
        .map(([left, sign, right]) => `(${left} ${sign} ${right})`),
      tie('one').map((inner) => `!(${inner})`),
    ),
  })).one;
  fc.assert(
    fc.property(
      conditions,
      fc.constantFrom('x', 'y', null),
      fc.constantFrom('x', 'y', null),
      (text, a, b) => {
        const condition = parseCondition(text);
        const full = evaluate(condition, { A: a, B: b });
        expect(full).toBeTypeOf('boolean');
        expect([undefined, full]).toContain(evaluate(condition, { A: a }));
      },
    ),
  );
});

describe('whether a job runs for merge requests', () => {
  const kind = { facts: mergeRequestFacts, refs: ['merge_requests'] };
  const runs = (yaml: string) => {
    const { body } = parseSource('a.yml', yaml, new Work(1_000));
    const job = fieldOf(body, 'job');
    return job && runsIn(job, fieldOf(body, 'workflow', 'rules'), kind, branchFacts);
  };
  const mergeRequest = '$CI_PIPELINE_SOURCE == "merge_request_event"';

  test.each([
    ['job: {}', 'no', false],
    [`job: { rules: [{ if: '${mergeRequest}' }] }`, 'yes', true],
    [`job: { rules: [{ if: '${mergeRequest}', when: never }, { when: always }] }`, 'no', false],
    [`job: { rules: [{ if: '${mergeRequest}', changes: [a] }] }`, 'yes', true],
    [`job: { rules: [{ if: '${mergeRequest}', changes: [a], when: never }, { when: always }] }`, 'yes', true],
    [`job: { rules: [{ if: '${mergeRequest} && $A' }] }`, 'maybe', true],
    ["job: { rules: [{ if: '$A' }] }", 'maybe', false],
    ['job: { rules: [] }', 'no', false],
    ['job: { only: [merge_requests] }', 'yes', true],
    ['job: { only: { refs: [branches, merge_requests] } }', 'yes', true],
    ['job: { only: [main] }', 'no', false],
    ['job: { except: [merge_requests], only: [merge_requests] }', 'no', false],
    [`workflow: { rules: [{ if: '${mergeRequest}' }] }\njob: {}`, 'yes', true],
    [
      `workflow: { rules: [{ if: $CI_COMMIT_TAG }] }\njob: { rules: [{ if: '${mergeRequest}' }] }`,
      'no',
      false,
    ],
    [`workflow: { rules: [{ if: $A }] }\njob: { rules: [{ if: '${mergeRequest}' }] }`, 'maybe', false],
  ])('%s', (yaml, expected, meant) => {
    expect(runs(yaml)).toEqual({ runs: expected, meant });
  });
});
