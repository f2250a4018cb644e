import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { version } from '../../scripts/wire/version.ts';
import { pipewright } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

/** A block of YAML on a page, by what it has, at the left margin. */
function blockOf(page: string, has: RegExp): string {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)];
  const found = blocks.find(([, , text = '']) => has.test(text));
  if (found === undefined) throw new Error(`${page} has no block with ${has}`);
  return (found[2] ?? '').replaceAll(new RegExp(`^${found[1]}`, 'gm'), '');
}

// As docs/local.md tells it, word for word; the versions on the pages are those of what runs.
test('a newcomer who follows the pages gets a first note', { timeout: 120_000 }, async () => {
  const home = workspace();
  const [shop, trusted] = [join(home, 'shop'), join(home, 'agents')];
  for (const folder of [shop, trusted]) mkdirSync(folder);
  const ci = [
    blockOf('README.md', /^workflow:/),
    'test:\n  script: [node --check price.js]\n',
    blockOf('agents/ci-doctor/README.md', /hand-off: always/).replaceAll(/@\d+\.\d+\.\d+/g, `@${version}`),
  ];
  writeFiles(shop, {
    '.gitlab-ci.yml': ci.join(''),
    '.gitignore': '.pipewright/\n',
    'price.js': 'export const vat = 19;\n',
    'twin.yaml': blockOf('docs/local.md', /agents-bot/),
  });
  const agent = await pipewright(['init', 'agent', '--from=ci-doctor'], { cwd: shop });
  expect(agent.exitCode, agent.stderr).toBe(0);
  expect(agent.stdout).toMatch(/or none and let playbook\.yaml answer[\s\S]*agents\/ci-doctor\/README\.md/);
  const [, flags = ''] =
    /pipewright init trusted-project ([\s\S]*?)\ncd /.exec(readFileSync('docs/local.md', 'utf8')) ?? [];
  const init = ['init', 'trusted-project', ...flags.split(/[\s\\]+/)];
  const set = await pipewright(init, { cwd: trusted });
  expect(set.exitCode, set.stderr).toBe(0);
  for (const folder of [shop, trusted]) commitAll(folder);
  git(shop, 'switch', '-c', 'broken');
  writeFiles(shop, { 'price.js': 'export const vat = ;\n' });
  git(shop, 'commit', '-qam', 'broken');
  const steps = ['open broken into main as alice', 'notes'].map((step) => `--step=${step}`);
  const { stdout, stderr } = await pipewright(['local', ...steps], { cwd: shop });
  expect(stdout, stderr).toMatch(/agents-bot:\n +### ci-doctor\n[\s\S]*### Node cannot read a file/);
  expect(stdout).toMatch(
    /acme\/agents pipeline 2 of main \(trigger\)[\s\S]*pipewright-apply +deploy +success/,
  );
});
