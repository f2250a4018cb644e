import { expect, test } from 'vitest';
import { parseDotenv } from '../../../components/twin/pipelines/runner/dotenv.ts';
import { artifactsOf, makeRunner } from './harness.ts';

const parse = (text: string, tier: 'free' | 'ultimate' = 'free') => parseDotenv(Buffer.from(text), tier);

test('a line is a variable: blanks around go, quotes stay, the last of a name counts', () => {
  expect(parse('A=1\n B = "two" \nC=\nA=x=y\r\n')).toEqual({
    ok: true,
    variables: [
      { key: 'A', value: 'x=y' },
      { key: 'B', value: '"two"' },
      { key: 'C', value: '' },
    ],
  });
  expect(parse('')).toEqual({ ok: true, variables: [] });
  expect(parse('\ufeffA=1')).toEqual({ ok: true, variables: [{ key: 'A', value: '1' }] });
});

test.each([
  ['A=1\n\nB=2', 'Invalid Format'],
  ['# comment\nA=1', 'Invalid Format'],
  ['a-b=1', "Validation failed: Key can contain only letters, digits and '_'."],
  ['=1', "Validation failed: Key can't be blank"],
  [`A=${'x'.repeat(5118)}`, 'Dotenv Artifact Too Big. Maximum Allowable Size: 5120'],
  [
    Array.from({ length: 51 }, (_, at) => `V${at}=1`).join('\n'),
    'Dotenv files cannot have more than 50 variables',
  ],
])('GitLab refuses %j', (text, message) => {
  expect(parse(text)).toEqual({ ok: false, message });
});

test('the tier says how many there may be', () => {
  expect(parse(Array.from({ length: 150 }, (_, at) => `V${at}=1`).join('\n'), 'ultimate').ok).toBe(true);
});

test('a dotenv report gives the job variables, after a failure too', async () => {
  const { run } = await makeRunner();
  const tried = await run({
    script: ['echo "URL=http://x" > a.env; echo "N=2" > b.env; exit 2'],
    artifacts: { reports: { dotenv: ['a.env', 'b.env'] } },
  });
  expect(tried.end).toMatchObject({
    exitCode: 2,
    dotenv: [
      { key: 'URL', value: 'http://x' },
      { key: 'N', value: '2' },
    ],
  });
  expect(artifactsOf(tried).reports).toEqual({ dotenv: ['dotenv/a.env', 'dotenv/b.env'] });
});

test('a report that GitLab refuses fails the job', async () => {
  const { run } = await makeRunner();
  const tried = await run({
    script: ['echo "no variable" > a.env'],
    artifacts: { reports: { dotenv: 'a.env' } },
  });
  expect(tried.end).toMatchObject({ kind: 'exit', exitCode: 1, dotenv: [], artifacts: undefined });
  expect(tried.log).toContain(
    'ERROR: Uploading artifacts as "dotenv" to coordinator... 400 Bad Request (Invalid Format)\n',
  );
  expect(tried.log).toMatch(/ERROR: Job failed: exit code 1\n$/);
});
