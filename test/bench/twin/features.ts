import { featureFigures } from '../../twin/features/figures.ts';
import { type Figure, figure } from '../figure.ts';

/** Pipeline features with a case directory, and how many of them gitlab-ci-local sees otherwise. */
export async function measureFeatures(): Promise<readonly Figure[]> {
  const { cases, compared, agree } = await featureFigures();
  const counted = figure({
    ...{ id: 'features-with-a-case', value: cases, unit: '', better: 'higher', goal: null },
    against: `${compared} of them compared with gitlab-ci-local, ${agree} agree`,
  });
  if (compared === 0) {
    process.stderr.write('features-that-disagree: not measured, gitlab-ci-local cannot be asked here\n');
    return [counted];
  }
  const against = `gitlab-ci-local on ${compared} cases`;
  const value = compared - agree;
  return [
    counted,
    figure({ id: 'features-that-disagree', value, unit: '', better: 'lower', goal: 0, against }),
  ];
}
