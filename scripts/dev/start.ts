// `npm start`: what a project gets that includes our components, on a GitLab of its own. Offline, in a temporary folder.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createProject, refUnderTest } from './start/project.ts';
import { createReview, reviewSteps } from './start/review-story.ts';

const pipewright = resolve('dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'pipewright-start-'));

try {
  process.exitCode = tellOfValidate() && tellOfReview() ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A merge request goes red, then green. */
function tellOfValidate(): boolean {
  const shop = join(folder, 'validate');
  mkdirSync(shop);
  const consumer = resolve('test/consumer/shop');
  const { git, commit } = createProject(shop, 'https://gitlab.example.com/acme/shop.git', folder);
  commit(join(consumer, 'project'), 'feat: a shop with agents');
  git('switch', '--quiet', '--create', 'reviewer');
  console.log('A project of three OSSA manifests includes the component `validate`:\n');
  console.log(indent(includesOf(shop)));
  commit(join(consumer, 'mistake'), 'feat: a reviewer');
  commit(join(consumer, 'fixed'), 'fix: the signal is called escalate');
  console.log(
    '\nOn a GitLab of its own, a merge request with a mistake in agents/reviewer/agent.ossa.yaml is opened;',
  );
  console.log('then the mistake is mended and pushed:\n');
  const { status } = local(shop, ['open reviewer~1:reviewer into main', 'push reviewer', 'merge']);
  return expect('Red, then green, then merged.', { 'exit code': [0, status] });
}

/** An agent proposes, the merge request is advised, the trusted project decides; a forgery is refused. */
function tellOfReview(): boolean {
  const home = join(folder, 'review');
  mkdirSync(home);
  const { shop, twinFile } = createReview(home, init, refUnderTest());
  console.log(
    '\nAnother project has an agent that reviews merge requests, by the components `run` and `gate`:\n',
  );
  console.log(indent(includesOf(shop)));
  console.log(
    '\nThe trusted project acme/agents, as `pipewright init trusted-project` writes it, decides and applies. A change',
  );
  console.log(
    'is opened, then mended and pushed; last comes the merge request of a hostile author, with a file of',
  );
  console.log('proposals made by hand and a stolen trigger token:\n');
  const { status, stdout } = local(shop, reviewSteps, `--twin=${twinFile}`);
  console.log('\nWhat the gate said of the first push, and what the hostile author got for the token:\n');
  console.log(indent(indent(saidBy(shop, '1-*', 'pipewright-gate', /advice|handed off|would be/))));
  console.log(indent(indent(saidBy(shop, '5-*', 'steal', /^with BASH_ENV|^three numbers/))));
  const count = (words: RegExp) => stdout.match(words)?.length ?? 0;
  return expect('A note that a push changed in place, an issue, and a forgery that nobody acted on.', {
    // The last pipeline of the trusted project is red: it refuses.
    'exit code': [20, status],
    'refused forgeries': [1, count(/chose from other lists/g)],
  });
}

/** Lines of a job's log, by pipeline and name. */
function saidBy(shop: string, pipeline: string, job: string, wanted: RegExp): string {
  const [file] = globSync(`.pipewright/local/${pipeline}/logs/${job}.log`, { cwd: shop });
  const lines = file === undefined ? [] : readFileSync(join(shop, file), 'utf8').split('\n');
  return lines.filter((line) => wanted.test(line)).join('\n');
}

function init(cwd: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [pipewright, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function local(cwd: string, steps: readonly string[], ...more: readonly string[]) {
  const args = [pipewright, 'local', ...more, ...steps.map((step) => `--step=${step}`)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  console.log(indent(withoutAsides(stdout)));
  if (stderr !== '') console.error(stderr);
  return { status, stdout };
}

function expect(good: string, facts: Readonly<Record<string, readonly [number, number | null]>>): boolean {
  const wrong = Object.entries(facts).filter(([, [wanted, got]]) => wanted !== got);
  console.log(wrong.length === 0 ? `\n${good}` : '');
  for (const [name, [wanted, got]] of wrong) console.log(`Expected ${name} ${wanted}, got ${got}.`);
  return wrong.length === 0;
}

/** Leaves out what is the same for every pipeline, and where the artifacts lay: this project is gone in a moment. */
function withoutAsides(output: string): string {
  const paragraphs = output.trim().split(/\n\s*\n(?=\S)/);
  return paragraphs.filter((paragraph) => !/^Not as on GitLab/.test(paragraph)).join('\n\n');
}

function includesOf(folder: string): string {
  const lines = readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.startsWith('include:'));
  const end = lines.indexOf('', from);
  return lines
    .slice(from, end < 0 ? undefined : end)
    .join('\n')
    .trimEnd();
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
