// `npm start`: a project includes our component; its merge request goes red, then green. Offline, in a temporary folder.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const consumer = resolve('test/consumer/shop');
const pipewright = resolve('dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'pipewright-start-'));
const shop = join(folder, 'shop');

const gitEnv = {
  PATH: process.env.PATH,
  HOME: folder,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Shop',
  GIT_AUTHOR_EMAIL: 'shop@example.com',
  GIT_COMMITTER_NAME: 'Shop',
  GIT_COMMITTER_EMAIL: 'shop@example.com',
};

try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main(): void {
  createShop();
  console.log('A project of three OSSA manifests includes the component `validate`:\n');
  console.log(indent(includeOf('.gitlab-ci.yml')));
  commit('mistake', 'feat: a reviewer');
  commit('fixed', 'fix: the signal is called escalate');

  console.log(
    '\nOn a GitLab of its own, a merge request with a mistake in agents/reviewer/agent.ossa.yaml is opened;',
  );
  console.log('then the mistake is mended and pushed:\n');
  const status = run('open reviewer~1:reviewer into main', 'push reviewer', 'merge');
  const asExpected = status === 0;
  console.log(
    asExpected
      ? '\nRed, then green, then merged. On your own project: README.md, "Use it".'
      : `\nExpected exit code 0, got ${status}.`,
  );
  process.exitCode = asExpected ? 0 : 1;
}

function createShop(): void {
  cpSync(join(consumer, 'project'), shop, { recursive: true });
  const file = join(shop, '.gitlab-ci.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('@COMMIT', `@${refUnderTest()}`));
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', 'https://gitlab.example.com/acme/shop.git');
  commit('project', 'feat: a shop with agents');
  git('switch', '--quiet', '--create', 'reviewer');
}

/** The branch of the checkout, so that changes which are not committed yet count; an archive is taken as it stands. */
function refUnderTest(): string {
  const ask = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim();
  return ask('symbolic-ref', '--quiet', '--short', 'HEAD') || ask('rev-parse', 'HEAD') || 'main';
}

function commit(overlay: string, message: string): void {
  const ci = readFileSync(join(shop, '.gitlab-ci.yml'));
  cpSync(join(consumer, overlay), shop, { recursive: true });
  writeFileSync(join(shop, '.gitlab-ci.yml'), ci);
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: shop, env: gitEnv, stdio: ['ignore', 'ignore', 'inherit'] });
}

function run(...steps: string[]): number | null {
  const args = [pipewright, 'local', ...steps.map((step) => `--step=${step}`)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: shop, encoding: 'utf8' });
  console.log(indent(withoutAsides(stdout)));
  if (status !== 0) console.error(stderr);
  return status;
}

/** Leaves out what is the same for every pipeline, and where the artifacts lay: this project is gone in a moment. */
function withoutAsides(output: string): string {
  const paragraphs = output.trim().split(/\n\s*\n(?=\S)/);
  return paragraphs.filter((paragraph) => !/^Not as on GitLab/.test(paragraph)).join('\n\n');
}

function includeOf(file: string): string {
  const lines = readFileSync(join(shop, file), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith('include:'));
  return lines.slice(from, lines.indexOf('', from)).join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
