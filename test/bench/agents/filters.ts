import { globSync, readFileSync } from 'node:fs';
import { detectors } from '../../../components/session/filters/detectors.gen.ts';
import { createFilter } from '../../../components/session/filters/filter.ts';
import { sampleOf } from '../../../components/session/filters/sample.ts';
import { negatives, positives } from '../../session/filters/samples.ts';
import { type Figure, figure } from '../figure.ts';

/**
 * What the detectors find of items made with other seeds than those of the tests, and how long a megabyte takes. The lists are
 * ours, written beside the detectors: they show that nothing has got worse, not what strangers' texts will do.
 */
export async function measureFilters(each: number): Promise<readonly Figure[]> {
  const classed = detectors.filter(({ dataClass }) => dataClass !== undefined);
  const present = positives(each, 4_242);
  const absent = negatives(each * 10, 2_323);
  const hits = present.filter(({ detector, text }) =>
    classed.some(({ id, find }) => id === detector && find(sampleOf(text)).length > 0),
  ).length;
  const wrong = absent.filter((text) => classed.some(({ find }) => find(sampleOf(text)).length > 0)).length;
  const against = `${present.length} items that are something, ${absent.length} that only look so`;
  return [
    figure({
      id: 'filters-recall',
      value: hits / present.length,
      unit: '',
      better: 'higher',
      goal: 0.99,
      against,
    }),
    figure({
      ...{
        id: 'filters-precision',
        value: hits / (hits + wrong),
        unit: '',
        better: 'higher',
        goal: 0.99,
        against,
      },
    }),
    figure({
      ...{
        id: 'filters-sources-per-megabyte',
        value: falseFinds('components/**/*.ts'),
        unit: 'finds',
        better: 'lower',
      },
      ...{ goal: 5, against: 'TypeScript of this repository, which has no data of anybody' },
    }),
    ...['components/**/*.ts', 'docs/*.md'].map((files) =>
      figure({
        ...{
          id: `filters-${files.endsWith('ts') ? 'code' : 'prose'}-megabyte`,
          value: fastest(files),
          unit: 'ms',
        },
        ...{ better: 'lower', goal: 5, against: 'all detectors of data, processor time, the fastest of 40' },
      }),
    ),
  ];
}

function megabyteOf(files: string): string {
  const all = globSync(files)
    .sort()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return all.repeat(Math.ceil(1e6 / all.length)).slice(0, 1e6);
}

function falseFinds(files: string): number {
  const sample = sampleOf(megabyteOf(files));
  return detectors
    .filter(({ dataClass }) => dataClass !== undefined)
    .reduce((sum, { find }) => sum + find(sample).length, 0);
}

function fastest(files: string): number {
  const text = megabyteOf(files);
  const filter = createFilter([]);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 40; round += 1) {
    // Of the processor: a machine that does other things, too, is no slower for it.
    const begun = process.cpuUsage();
    filter(text, 'input');
    const { user, system } = process.cpuUsage(begun);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}
