import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOwned, parseCodeOwners } from '../../components/gitlab/code-owners.ts';
import { check as requests } from '../../components/setup/doctor/checks/merge-request-pipelines.ts';
import { checks } from '../../components/setup/doctor/checks.gen.ts';
import { foldCondition } from '../../components/setup/doctor/conditions.ts';
import { kindsOf, ourJobs, parsePipeline } from '../../components/setup/doctor/pipeline.ts';
import { isSecret } from '../../components/setup/doctor/secret-names.ts';
import { tierOf } from '../../components/setup/doctor/tiers.ts';

describe('a condition is folded', () => {
  test.each<[string, unknown]>([
    ['"auto" == "auto" && $A == "x"', { text: '$A == "x"' }],
    ['"auto" != "merge-request" && $CI_COMMIT_BRANCH', { text: '$CI_COMMIT_BRANCH' }],
    ['"a" == "b" && $A', { always: false }],
    ['"a" == "b" || $A', { text: '$A' }],
    ['\'a\' == "a" || $A', { always: true }],
    ['"auto" == "auto" && ("test" == ".pre" || "test" == ".post") && $A', { always: false }],
    ['"auto" == "auto" && (".pre" == ".pre" || ".pre" == ".post") && $A', { text: '$A' }],
    ['$A && ($B || "a" == "b")', { text: '$A && ($B)' }],
    ['$A =~ /a|b && c/ && "a" == "a"', { text: '$A =~ /a|b && c/' }],
    ['"$A" == "a"', { text: '"$A" == "a"' }],
    ['$A)', { text: '$A)' }],
    ['', { text: '' }],
  ])('%s', (condition, folded) => expect(foldCondition(condition)).toEqual(folded));

  test('as its words mean', () => {
    const { tree } = fc.letrec<{ tree: { text: string; value: boolean } }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc
          .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'b'), fc.constantFrom('==', '!='))
          .map(([left, right, operator]) => ({
            text: `"${left}" ${operator} '${right}'`,
            value: (left === right) === (operator === '=='),
          })),
        fc.tuple(tie('tree'), tie('tree'), fc.boolean()).map(([left, right, isAnd]) => ({
          text: `(${left.text}) ${isAnd ? '&&' : '||'} (${right.text})`,
          value: isAnd ? left.value && right.value : left.value || right.value,
        })),
      ),
    }));
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        expect(foldCondition(text)).toEqual({ always: value });
        expect(foldCondition(`$A && (${text})`)).toEqual(value ? { text: '$A' } : { always: false });
      }),
    );
  });

  test('whatever it is, without an end', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '(', ')', '&', '|', '$A', '/', ' ', 'a', '=') }),
        (text) => {
          expect(foldCondition(text)).toBeDefined();
        },
      ),
    );
  });
});

describe('owners of code', () => {
  test.each<[string, string, boolean]>([
    ['/agents/ @a', 'agents/x/agent.ossa.yaml', true],
    ['agents/ @a', 'services/agents/x.yaml', true],
    ['/agents @a', 'agents/x.yaml', false],
    ['* @a', '.gitlab-ci.yml', true],
    ['* @a', 'agents/x/.hidden', true],
    ['* @a\n/agents/', 'agents/x', false],
    ['* @a\n[Agents]\n/agents/', 'agents/x', true],
    ['^[Agents] @a\n/agents/', 'agents/x', false],
    ['^[Agents] @a\n/agents/\n[agents]\n/x @b', 'agents/x', true],
    ['[Agents][2] @a/b\n/agents/', 'agents/x', true],
    ['/agents/ nobody', 'agents/x', false],
    ['/agents/ a@example.com', 'agents/x', true],
    ['/agents/ @@maintainer', 'agents/x', true],
    ['/agents/ # @a', 'agents/x', false],
    ['* @a\n!/agents/', 'agents/x', false],
    ['/a\\ b/ @a', 'a b/c', true],
    ['# * @a', 'x', false],
    ['', 'x', false],
  ])('%j: %s', (text, path, owned) => {
    expect(isOwned({ sections: parseCodeOwners(text) }, path)).toBe(owned);
  });
});

test('jobs are read as GitLab merged them', () => {
  const pipeline = parsePipeline(`
default: { tags: [x] }
.hidden: { script: [a] }
a-gate:
  script: ["pipewright gate --job-prefix=a --mode=warn --trusted-project= --hand-off=always"]
  rules: [[{ if: '"x" == "y"' }, { if: $CI_COMMIT_TAG }], { if: $CI_MERGE_REQUEST_IID, when: never }]
b-gate:
  script: pipewright gate --job-prefix=b
  rules: [{ if: '"x" == "y"' }]
c:
  script: [echo pipewright gate --job-prefix=c]
`);
  expect(pipeline?.jobs.map(({ name }) => name)).toEqual(['a-gate', 'b-gate', 'c']);
  const [gate, ...others] = pipeline === undefined ? [] : ourJobs(pipeline, 'gate');
  expect(others).toEqual([]);
  expect([gate?.prefix, gate?.flag('mode'), gate?.flag('trusted-project'), gate?.flag('x')]).toEqual([
    ...['a', 'warn', '', undefined],
  ]);
  expect(kindsOf(gate?.job ?? { rules: [] })).toEqual({ request: false, branch: false });
  expect(kindsOf({ rules: undefined })).toEqual({ request: false, branch: true });
  expect(parsePipeline('')).toEqual({ jobs: [], workflow: undefined });
  expect(parsePipeline('a: [')).toBeUndefined();
});

test.each<[string, boolean, boolean]>([
  ['{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }', true, false],
  ['{ if: $CI_MERGE_REQUEST_IID }', true, false],
  ['{ if: $CI_PIPELINE_SOURCE != "merge_request_event" }', false, true],
  ['{ if: $CI_PIPELINE_SOURCE == "merge_request_event" || $CI_COMMIT_BRANCH }', true, true],
  ['{ if: $CI_PIPELINE_SOURCE == "merge_request_event", when: never }, { when: on_success }', false, true],
  ['{ when: never }, { if: $CI_COMMIT_BRANCH }', false, false],
  ['{ when: on_success }', true, true],
  ['{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }', false, false],
  ['{ if: $CI_COMMIT_TAG }', false, false],
  ['{ if: $DEPLOY }', false, true],
])('pipelines of a job with %s', (rules, request, branch) => {
  const [job] = parsePipeline(`a: { script: [b], rules: [${rules}] }`)?.jobs ?? [];
  expect(kindsOf(job ?? { rules: [] })).toEqual({ request, branch });
});

test.each<[string, boolean]>([
  ['a: { script: [b] }', false],
  ['a: { script: [b], only: [merge_requests] }', true],
  ['a: { stage: .pre, script: [b], rules: [{ if: $CI_MERGE_REQUEST_IID }] }', false],
  ['a: { script: [b], rules: [{ if: $CI_MERGE_REQUEST_IID }] }', true],
  [
    'a: { script: [b], rules: [{ if: $CI_COMMIT_BRANCH }, { if: $CI_PIPELINE_SOURCE == "schedule" }] }',
    false,
  ],
  ['a: { script: [b], rules: [{ if: $CI_PIPELINE_SOURCE != "merge_request_event" }] }', false],
  ['a: { script: [b], rules: [{ if: $CI_MERGE_REQUEST_IID, when: never }, { if: $DEPLOY }] }', true],
  [
    'a: { script: [b], rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event", when: never }, { if: $DEPLOY }] }',
    false,
  ],
  ['a: { script: [b], rules: [{ if: $DEPLOY }] }', true],
  ['workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }\na: { script: [b] }', true],
  ['workflow: { rules: [{ if: $CI_COMMIT_BRANCH }] }\na: { script: [b] }', false],
])('whether merge requests have pipelines: %s', (yaml, has) => {
  const pipeline = parsePipeline(yaml);
  if (pipeline === undefined) throw new Error('no YAML');
  const facts = { pipeline: { known: true, value: pipeline }, recent: { known: true, value: [] } };
  const [line] = requests.run(facts as unknown as Parameters<typeof requests.run>[0]);
  expect(line?.result).toBe(has ? 'ok' : 'wrong');
});

test('secrets are known by their names', () => {
  const names = [
    'DEPLOY_TOKEN',
    'OPENAI_API_KEY',
    'DB_PASSWORD',
    'SENTRY_DSN',
    'SSH_PRIVATE_KEY',
    'secret',
    'PIPEWRIGHT_SIGNING_KEY',
  ];
  expect(names.filter((name) => !isSecret(name))).toEqual([]);
  const others = [
    'NODE_VERSION',
    'TOKEN_URL',
    'PUBLIC_KEY',
    'KEYCLOAK_REALM',
    'API_KEY_ID',
    'MONKEY',
    'PATH',
  ];
  expect(others.filter(isSecret)).toEqual([]);
});

test('a licence is known by what GitLab tells', () => {
  const told = (mergePipelinesEnabled?: boolean, onlyAllowMergeIfAllStatusChecksPassed?: boolean) =>
    tierOf({ mergePipelinesEnabled, onlyAllowMergeIfAllStatusChecksPassed });
  expect([told(), told(false), told(false, false)]).toEqual(['free', 'premium', 'ultimate']);
});

test('each check stands on the page, and what licences can enforce', () => {
  const page = readFileSync('docs/doctor.md', 'utf8');
  expect(checks.filter(({ id }) => !page.includes(` \`${id}\` | `))).toEqual([]);
  expect(page).toMatch(/\| The gate \| `gate-included` \| /);
  expect(page).toMatch(/\| Ultimate \| .* \| a pipeline execution policy/);
});
