import { examineText } from '../../../components/manifest/examine.ts';
import { fixText } from '../../../components/manifest/fix/fix-text.ts';
import { fixers } from '../../../components/manifest/fix/fixers.gen.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';
import { type Figure, figure } from '../figure.ts';
import { realManifests } from './manifests.ts';

const goal = 15;

/** How many of the invalid manifests `--fix` makes valid, by what was mended. */
export async function measureFixes(): Promise<readonly Figure[]> {
  const reasons = new Map<string, Set<string>>();
  let invalid = 0;
  let mended = 0;
  for (const { file, text } of realManifests()) {
    const before = await examineText(text, []);
    if (before.readable && before.structure === 'valid') continue;
    invalid += 1;
    const { fixed, examined } = await fixText(text, fixers, rules);
    if (!examined.readable || examined.structure === 'invalid') continue;
    mended += 1;
    for (const { by } of fixed) reasons.set(by, (reasons.get(by) ?? new Set()).add(file));
  }
  if (invalid === 0) return [];
  const listed = [...reasons].map(([by, files]) => `${by} ${files.size}`).sort();
  return [
    figure({
      id: 'fix-makes-valid',
      value: mended,
      unit: `of ${invalid}`,
      better: 'higher',
      goal,
      against: `files by what was mended: ${listed.join(', ')}`,
    }),
  ];
}
