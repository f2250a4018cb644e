import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const good = readFileSync('test/consumer/shop/fixed/agents/reviewer/agent.ossa.yaml', 'utf8');
const circle = readFileSync('test/scripts/validate/cases/rules/circle.ossa.yaml', 'utf8');
const folder = '.pipewright/validate/pipewright';

describe('the mode decides the exit code, and never what is seen', () => {
  const files = { 'a.ossa.yaml': bad, 'b.ossa.yaml': good, 'c.ossa.yaml': circle };
  const all = [[], ['--strict'], ['--baseline=debt.json'], ['--strict', '--baseline=debt.json']];

  test.each(all.map((args) => [args.join(' ') || 'no flag', args] as const))('with %s', async (_, args) => {
    const cwd = workspace(files);
    // A baseline that knows the mistakes of one file, so that there is something old and something new.
    await pipewright(['validate', 'a.ossa.yaml', '--baseline=debt.json', '--update-baseline'], { cwd });
    const seen = [];
    for (const mode of ['observe', 'warn', 'enforce']) {
      const run = await pipewright(['validate', `--mode=${mode}`, ...args], { cwd });
      expect(run.exitCode, mode).toBe(mode === 'observe' ? 0 : 20);
      const read = (name: string) => readFileSync(join(cwd, folder, name), 'utf8');
      const report = JSON.parse(read('report.json'));
      const hint = /^Mode observe: .*\n/m;
      seen.push({
        stdout: run.stdout.replace(hint, ''),
        report: { ...report, gate: { ...report.gate, mode: '', passed: '' } },
        note: read('note.md').replace(/\\\nMode observe: .*/, ''),
        others: ['gl-code-quality-report.json', 'junit.xml', 'report.sarif', 'annotations.json'].map(read),
      });
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });
});

describe('the note links to the lines of the commit', () => {
  const commit = 'c'.repeat(40);
  const job = {
    GITLAB_CI: 'true',
    CI_PROJECT_URL: 'https://gitlab.example.com/acme/shop',
    CI_COMMIT_SHA: commit,
  };

  async function note(env: Record<string, string>): Promise<string> {
    const cwd = workspace({ 'agents/a b.ossa.yaml': bad });
    await pipewright(['validate'], { cwd, env });
    return readFileSync(join(cwd, folder, 'note.md'), 'utf8');
  }

  test('in a job', async () => {
    expect(await note(job)).toContain(
      `[\`agents/a b.ossa.yaml:25\`](https://gitlab.example.com/acme/shop/-/blob/${commit}/agents/a%20b.ossa.yaml#L25)`,
    );
  });

  test('an instance below a path keeps it', async () => {
    const below = { ...job, CI_PROJECT_URL: 'https://example.com/gitlab/acme/shop/' };
    expect(await note(below)).toContain(`](https://example.com/gitlab/acme/shop/-/blob/${commit}/agents/`);
  });

  test.each([
    ['outside of a job', { ...job, GITLAB_CI: '' }],
    ['without a URL', { ...job, CI_PROJECT_URL: '' }],
    ['with something else as URL', { ...job, CI_PROJECT_URL: 'javascript:alert(1)' }],
    ['without a commit', { ...job, CI_COMMIT_SHA: 'main' }],
  ])('%s there is no link', async (_, env) => {
    expect(await note(env)).toContain('**error** `agents/a b.ossa.yaml:25` ');
  });

  test('a URL that someone sets ends no link', async () => {
    const text = await note({ ...job, CI_PROJECT_URL: 'https://e.vil/a) ![x](http://e.vil/' });
    expect(text).toContain(`](https://e.vil/a%29%20![x]%28http://e.vil/-/blob/${commit}/agents/`);
  });
});

test('SARIF explains the codes it names', async () => {
  const cwd = workspace({ 'a.ossa.yaml': bad, 'c.ossa.yaml': circle, 'd.ossa.yaml': 'a: [' });
  await pipewright(['validate'], { cwd });
  const { rules } = JSON.parse(readFileSync(join(cwd, folder, 'report.sarif'), 'utf8')).runs[0].tool.driver;
  const prefixes = rules.map(({ id }: { id: string }) => id.split('_')[0]);
  expect(new Set(prefixes)).toEqual(new Set(['OSSA', 'RULE', 'YAML']));
  for (const rule of rules) expect(rule.help.text, rule.id).not.toBe('');
});
