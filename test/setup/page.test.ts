import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSeed } from '../../components/attest/keys.ts';
import { makeStatement } from '../../components/attest/statement.ts';
import { decisionType } from '../../components/decide/statement.ts';
import { command } from '../../scripts/init.ts';
import { workspace } from '../support/workspace.ts';
import { testMachine } from '../twin/harness.ts';
import { served, startTrusted, trusted, trustedFiles } from './trusted-setup.ts';

const page = readFileSync('docs/trusted-project.md', 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , text]) => text ?? '');
const programs = ['bash', 'openssl', 'jq', 'xxd', 'base64'];
const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0).join(', ');
const skipped = missing === '' ? '' : ` (skipped: no ${missing} here)`;

test('the page names flags that there are', () => {
  const flags = [...page.matchAll(/ --([a-z][a-z-]*)/g)].map(([, name]) => name ?? '');
  expect(flags.filter((name) => !(name in command.inputs))).toEqual([]);
  expect(flags).toContain('check');
});

describe.skipIf(missing !== '')(`the way to verify a decision${skipped}`, () => {
  const seed = Buffer.alloc(32, 9).toString('base64');
  const statement = makeStatement({
    ...{
      subjects: [{ name: 'review-run', digest: `sha256:${'0'.repeat(64)}` }],
      predicateType: decisionType,
    },
    predicate: { verdict: 'allowed', note: 'ä' },
  });
  const [key = '', verify = ''] = blocks('bash');

  test('holds for what the key signed, and not for what was changed', () => {
    const envelope = parseSeed('KEY', seed).sign(statement);
    const cwd = workspace({ 'seed.txt': `${seed}\n`, 'decision.dsse.json': JSON.stringify(envelope) });
    execFileSync('bash', ['-euo', 'pipefail', '-c', key], { cwd });
    expect(readFileSync(join(cwd, 'decisions.pub'), 'utf8')).toMatch(/BEGIN PUBLIC KEY/);
    const run = (file: object) => {
      execFileSync('bash', ['-c', 'cat > decision.dsse.json'], { cwd, input: JSON.stringify(file) });
      return spawnSync('bash', ['-euo', 'pipefail', '-c', verify], { cwd, encoding: 'utf8' });
    };
    expect(run(envelope)).toMatchObject({ status: 0, stdout: 'Signature Verified Successfully\n' });
    const changed = Buffer.from(envelope.payload, 'base64').toString().replace('allowed', 'refused');
    expect(run({ ...envelope, payload: Buffer.from(changed).toString('base64') }).status).not.toBe(0);
    const other = parseSeed('KEY', Buffer.alloc(32, 8).toString('base64')).sign(statement);
    expect(run(other).status).not.toBe(0);
  });
});

test('what the page includes asks for a session, where nothing is proposed', {
  timeout: 60_000,
}, async () => {
  const machine = testMachine({ entry: resolve('scripts/main.ts') });
  const files = trustedFiles({ agent: 'agents/reviewer.ossa.yaml' });
  const { twin, shop } = await startTrusted({ machine }, files);
  const include = blocks('yaml').find((block) => block.startsWith('include:')) ?? '';
  const own = "check: { rules: [{ if: $CI_MERGE_REQUEST_IID }], script: ['true'] }\n";
  await twin.push(served, 'main', { '.gitlab-ci.yml': own + include.replace('gate@0.1.0', 'gate@main') });
  await twin.push(served, 'price', { 'src/price.js': 'export const vat = 19;\n' }, 'alice');
  await twin.api('POST', `/projects/${shop.id}/merge_requests`, {
    ...{ as: 'alice', json: { source_branch: 'price', target_branch: 'main', title: 'VAT' } },
  });
  const asking = twin.job(await twin.newest(served), 'pipewright-gate');
  expect(asking.trace).toMatch(/handed off to acme\/agents/);
  const asked = await twin.newest(trusted);
  expect(asked.jobs.map(({ name }) => name)).toEqual(['trusted-run', 'pipewright-apply']);
  expect(twin.job(asked, 'trusted-run').trace).toMatch(
    new RegExp(`--agent=.?agents/reviewer\\.ossa\\.yaml.? .*--project=${shop.id} --merge-request=1 `),
  );
});
