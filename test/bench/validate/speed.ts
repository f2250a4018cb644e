import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadAll } from 'js-yaml';
import { checkText } from '../../../components/manifest/check.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';
import { type Figure, figure, median, timeInTurn } from '../figure.ts';
import { type RealManifest, realManifests, variedManifests } from './manifests.ts';

const count = 1_000;
const many = 10_000;
const rounds = 5;
const entry = resolve('dist/main.js');
const peer = resolve('test/bench/validate/plain-ajv.ts');

/** Files a second, cold and warm, and the memory of a large run. */
export async function measureSpeed(): Promise<readonly Figure[]> {
  if (realManifests().length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-bench-validate-'));
  try {
    const [few, lots] = [fill(folder, count), fill(folder, many)];
    return [...measureCold(folder, few), await measureWarm(), measureMemory(folder, few, lots)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(folder: string, files: number): string {
  const into = join(folder, `${files}`);
  mkdirSync(into);
  for (const { file, text } of variedManifests(files)) writeFileSync(join(into, file), text);
  return into;
}

function validate(cwd: string, root: string, ...node: string[]): string {
  const args = [...node, entry, 'validate', '--root', root];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 1e9 });
  if (status !== 20) throw new Error(`validate exited ${status}: ${stderr.slice(0, 500)}`);
  return stderr;
}

/** Whole processes: reading, parsing, structure, rules, positions, reports; the peer reads, parses and asks upstream's schemas. */
function measureCold(folder: string, root: string): readonly Figure[] {
  const plain = (parser: string) => () => {
    const { status, stderr } = spawnSync(process.execPath, [peer, root, parser], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the peer exited ${status}: ${stderr.slice(0, 500)}`);
  };
  const commands = [() => void validate(folder, root), plain('js-yaml'), plain('yaml')];
  const [ours = 0, fast = 0, slow = 0] = timeInTurn(commands, rounds).map(median);
  const rate = (milliseconds: number) => Math.round(count / (milliseconds / 1000));
  const shown = `plain Ajv (all errors, upstream's schemas, no rules, no positions, no reports): ${rate(slow)} files/s on yaml, whose verdicts are the reference, ${rate(fast)} on js-yaml`;
  const against = `${count} files, whole process, medians of ${rounds}; ${shown}`;
  return [
    figure({
      id: 'cold-files-per-second',
      value: rate(ours),
      unit: 'files/s',
      better: 'higher',
      goal: null,
      against,
    }),
    figure({ id: 'cold-over-plain-ajv', value: slow / ours, unit: '×', better: 'higher', goal: 3, against }),
  ];
}

async function measureWarm(): Promise<Figure> {
  const manifests = [...variedManifests(count)];
  const rates: number[] = [];
  for (let round = -1; round < rounds; round += 1) {
    const started = performance.now();
    for (const { file, text } of manifests) await checkText(file, text, rules);
    if (round >= 0) rates.push(count / ((performance.now() - started) / 1000));
  }
  const parse = median(rateOf(manifests, ({ text }) => void parseOnly(text)));
  return figure({
    id: 'warm-files-per-second',
    value: Math.round(median(rates)),
    unit: 'files/s',
    better: 'higher',
    goal: 3_000,
    against: `${count} texts in memory, structure, rules and positions, one core; more than half of them have mistakes; js-yaml only parsing them: ${Math.round(parse)} files/s`,
  });
}

const peakOf = 'process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n")';
const tellPeak = `data:text/javascript,process.on("exit", () => ${peakOf})`;

function rateOf(manifests: readonly RealManifest[], work: (manifest: RealManifest) => void): number[] {
  return Array.from({ length: rounds }, () => {
    const started = performance.now();
    for (const manifest of manifests) work(manifest);
    return count / ((performance.now() - started) / 1000);
  });
}

function parseOnly(text: string): unknown {
  try {
    return loadAll(text);
  } catch {
    return undefined;
  }
}

/** Peak of resident memory, of a run over ten times as many files beside one over the fewer. */
function measureMemory(folder: string, few: string, lots: string): Figure {
  const [less, more] = [few, lots].map((root) => {
    const peak = /^peak (\d+)$/m.exec(validate(folder, root, '--import', tellPeak))?.[1];
    return Number(peak) / 1024;
  });
  return figure({
    id: 'peak-memory-10000-files',
    value: Math.round(more ?? Number.NaN),
    unit: 'MiB',
    better: 'lower',
    goal: 1_024,
    against: `${count} files: ${Math.round(less ?? Number.NaN)} MiB; what grows are the findings, some six a file, and reports of them`,
  });
}
