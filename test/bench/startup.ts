import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commitAll, git, writeFiles } from '../support/repository.ts';
import { type Figure, figure, median, timeInTurn } from './figure.ts';

const entry = resolve('dist/main.js');
const shop = resolve('test/consumer/shop');
const manifest = join(shop, 'fixed/agents/reviewer/agent.ossa.yaml');
const corpus = resolve('../shared/data/ossa/manifests');
const pipelines = 5;

export async function bench(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-bench-'));
  try {
    return [...measureStart(folder), ...measureCorpus(folder), ...measureJob(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the CLI in a folder; anything but exit codes 0 and 20 is no measurement. */
function pipewright(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0 && status !== 20)
    throw new Error(`pipewright ${args.join(' ')} exited ${status}: ${stderr}`);
  return stdout;
}

function measureStart(cwd: string): Figure[] {
  const run = [
    () => spawnSync(process.execPath, ['-e', '0']),
    () => pipewright(cwd, '--version'),
    () => pipewright(cwd, 'validate', manifest),
  ];
  const [bare = 0, version = 0, validate = 0] = timeInTurn(run, 15).map(median);
  const overNode = (id: string, value: number, goal: number) => {
    const against = `bare node ${bare.toFixed(1)} ms, this ${value.toFixed(1)} ms`;
    return figure({ id, value: value / bare, unit: '×', better: 'lower', goal, against });
  };
  return [overNode('version-over-node', version, 1.5), overNode('validate-over-node', validate, 4)];
}

function measureCorpus(cwd: string): Figure[] {
  if (!existsSync(corpus)) return [];
  const files = readdirSync(corpus).length;
  // The least a validator with positions can do: the `yaml` package parses each file, and nothing is checked.
  const parseOnly = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { parseAllDocuments } from ${JSON.stringify(import.meta.resolve('yaml'))};
    for (const file of readdirSync(${JSON.stringify(corpus)})) {
      parseAllDocuments(readFileSync(${JSON.stringify(`${corpus}/`)} + file, 'utf8'));
    }`;
  const [times = [], peer = []] = timeInTurn(
    [
      () => pipewright(cwd, 'validate', '--root', corpus, '*.yaml'),
      () => spawnSync(process.execPath, ['--input-type=module', '--eval', parseOnly]),
    ],
    7,
  );
  const seconds = median(times) / 1000;
  const rate = (files / (median(peer) / 1000)).toFixed(0);
  const against = `${files} files, whole process; \`yaml\` only parsing them: ${rate} files/s; upstream's CLI: 0.65 (recorded)`;
  return [
    figure({
      id: 'validate-files-per-second',
      value: files / seconds,
      unit: 'files/s',
      better: 'higher',
      goal: null,
      against,
    }),
  ];
}

/** Seconds of the validate job above those of an empty job of the same pipeline. */
function measureJob(folder: string): Figure[] {
  const overEmpty = (id: string, goal: number, change: Readonly<Record<string, string>>) => {
    const runs = Array.from({ length: pipelines }, (_, index) =>
      jobSeconds(join(folder, `${id}-${index}`), change),
    );
    const validate = median(runs.map((run) => run.validate));
    const empty = median(runs.map((run) => run.empty));
    const against = `validate ${validate.toFixed(2)} s, empty job ${empty.toFixed(2)} s, medians of ${pipelines} pipelines`;
    return figure({ id, value: validate - empty, unit: 's', better: 'lower', goal, against });
  };
  return [
    overEmpty('validate-job-over-empty', 2, { 'agents/new.ossa.yaml': readFileSync(manifest, 'utf8') }),
    overEmpty('validate-job-nothing-changed', 1, { 'README.md': 'changed\n' }),
  ];
}

function jobSeconds(
  cwd: string,
  change: Readonly<Record<string, string>>,
): { validate: number; empty: number } {
  cpSync(join(shop, 'project'), cwd, { recursive: true });
  const ci = join(cwd, '.gitlab-ci.yml');
  const always = 'rules: [{when: always}]';
  const empty = `\nempty:\n  stage: test\n  needs: []\n  script: ['true']\n  ${always}\n`;
  writeFileSync(ci, readFileSync(ci, 'utf8').replace('@COMMIT', '@main') + empty);
  commitAll(cwd);
  git(cwd, 'switch', '--quiet', '--create', 'change');
  writeFiles(cwd, change);
  commitAll(cwd);
  const table = pipewright(cwd, 'local', '--event=merge-request', '--target-branch=main');
  const seconds = (job: string) => {
    const found = new RegExp(`^${job} .* ([0-9.]+)$`, 'm').exec(table)?.[1];
    if (found === undefined) throw new Error(`no ${job} in:\n${table}`);
    return Number(found);
  };
  return { validate: seconds('pipewright-validate'), empty: seconds('empty') };
}
