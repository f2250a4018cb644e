import { readdirSync } from 'node:fs';
import { lintFile } from '../../../components/lint-ci/check.ts';
import { rules } from '../../../components/lint-ci/rules.gen.ts';
import { testContext } from '../../support/cli.ts';
import { type Figure, figure, median } from '../figure.ts';

const folder = 'test/lint-ci/cases';
const rounds = 5;

/** Of the pipelines of the cases how many are told apart, and how many are checked in a second. */
export async function measureLintCi(): Promise<readonly Figure[]> {
  const context = testContext(process.cwd());
  const cases = (['bad', 'good'] as const).flatMap((kind) =>
    readdirSync(`${folder}/${kind}`).map((name) => ({ kind, path: `${folder}/${kind}/${name}` })),
  );
  const isBad = async (path: string) => {
    const files = await lintFile(context, path, rules);
    return files.some(({ findings }) => findings.some(({ severity }) => severity !== 'info'));
  };
  let wrong = 0;
  for (const { kind, path } of cases) if ((await isBad(path)) !== (kind === 'bad')) wrong += 1;
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    for (const { path } of cases) await isBad(path);
    rates.push(cases.length / ((performance.now() - started) / 1000));
  }
  const count = (kind: string) => cases.filter((one) => one.kind === kind).length;
  const against = `${count('bad')} bad and ${count('good')} good pipelines of ours, ${rules.length} rules`;
  return [
    figure({
      id: 'lint-ci-told-apart',
      value: (cases.length - wrong) / cases.length,
      unit: 'of all',
      better: 'higher',
      goal: 1,
      against,
    }),
    figure({
      id: 'lint-ci-files-per-second',
      value: Math.round(median(rates)),
      unit: 'files/s',
      better: 'higher',
      goal: 200,
      against: `${against}; files read, parsed, checked, findings with their places; warm, medians of ${rounds}`,
    }),
  ];
}
