import { expect, test } from 'vitest';
import { pipewright } from '../support/cli.ts';
import { processorTime } from '../support/processor-time.ts';
import { workspace } from '../support/workspace.ts';
import { lint, shown } from './lint.ts';

/** A text that people would never write is answered within so many milliseconds of a processor. */
const limit = 10_000;

async function timed(text: string): Promise<string[]> {
  const spent = processorTime();
  const found = await lint(text);
  expect(spent()).toBeLessThan(limit);
  return [...new Set(found.map(({ code }) => code))];
}

test('aliases that multiply', async () => {
  const lines = Array.from({ length: 12 }, (_, at) => `.b${at}: &b${at} [${`*b${at - 1},`.repeat(9)}]`);
  expect(await timed(['.b-1: &b-1 [x]', ...lines, ''].join('\n'))).toEqual(['YAML_ALIASES']);
});

test('LINT_TOO_MUCH: references that multiply', async () => {
  const lines = Array.from({ length: 11 }, (_, at) => {
    const one = at === 0 ? 'make' : `!reference [.r${at - 1}, script]`;
    return `.r${at}: { script: [${Array(20).fill(one).join(', ')}] }`;
  });
  expect(await timed([...lines, 'job: { script: !reference [.r10, script] }', ''].join('\n'))).toEqual([
    'LINT_TOO_MUCH',
  ]);
});

test('parents that multiply', async () => {
  const level = (at: number) => Array.from({ length: 40 }, (_, one) => `.p${at}-${one}`);
  const lines = Array.from({ length: 12 }, (_, at) =>
    level(at).map((name) => `${name}: { extends: [${level(at - 1).join(', ')}], variables: { V${at}: x } }`),
  );
  const text = [...lines.flat(), 'job: { extends: [.p11-0, .p11-1], script: [make] }', ''].join('\n');
  expect(['', 'LINT_TOO_MUCH']).toContain((await timed(text)).join());
});

test('collections that go deep', async () => {
  expect(await timed(`job: ${'['.repeat(5_000)}`)).toEqual(['YAML_DEPTH']);
});

test.each([
  '$(',
  '`',
  '"\u0024{x:-"',
  '<(',
  "'",
  '\\',
  '$x ',
  'a b;',
  '| sh ',
  '<<E ',
  'claude -p $CI_COMMIT_TITLE;',
  '#pipewright-lint-ci: ',
])('a long line of %j in a script', async (part) => {
  await timed(`job:\n  script:\n    - |\n      ${part.repeat(Math.floor(100_000 / part.length))}\n`);
});

test('LINT_TOO_MUCH: a script of a megabyte in one line', async () => {
  expect(await timed(`job:\n  script:\n    - "${'a b;'.repeat(260_000)}"\n`)).toEqual(['LINT_TOO_MUCH']);
});

test('a thousand jobs with a mistake each', async () => {
  const jobs = Array.from(
    { length: 1_000 },
    (_, at) => `j${at}: { script: ["claude -p x --dangerously-skip-permissions"] }`,
  );
  expect(await timed(jobs.join('\n'))).toEqual(['LINT_CONFIRMATIONS_OFF']);
});

test('keys of an object of JavaScript are keys like others', async () => {
  const text = `__proto__: { image: $I, script: ["claude -p x --dangerously-skip-permissions"] }
constructor: { script: [toString], extends: hasOwnProperty }
default: { __proto__: 1 }
variables: { __proto__: { value: $CI_COMMIT_TITLE }, constructor: x }
`;
  expect(shown(await lint(text))).toEqual(['1:47 error LINT_CONFIRMATIONS_OFF']);
});

test('what strangers wrote is shown without characters that act on a terminal or turn the text around', async () => {
  const name = 'a\u202eb\u001b[31m';
  const text = `"a\\u202eb\\e[31m":\n  script: [claude -p x --dangerously-skip-permissions]\n`;
  expect((await lint(text))[0]?.message).toContain(name);
  const { exitCode, stdout } = await pipewright(['lint-ci'], { cwd: workspace({ '.gitlab-ci.yml': text }) });
  expect(exitCode).toBe(20);
  expect(stdout).toContain('LINT_CONFIRMATIONS_OFF');
  expect(stdout.includes('\u202e') || stdout.includes('\u001b')).toBe(false);
});

test('no message repeats a secret', async () => {
  const secret = `glpat-${'Zk3vN8qTw1xRb7Ym2LpQ'}`;
  const text = `variables: { A: ${secret} }\n`;
  const { stdout } = await pipewright(['lint-ci'], { cwd: workspace({ '.gitlab-ci.yml': text }) });
  expect(stdout).toContain('LINT_KEY_HARDCODED');
  expect(stdout).not.toContain(secret);
});
