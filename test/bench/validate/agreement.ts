import { examineText } from '../../../components/manifest/examine.ts';
import { readVerdicts } from '../../manifest/ossa-upstream.ts';
import { type Figure, figure } from '../figure.ts';
import { realManifests } from './manifests.ts';

/** The structure verdict beside that of upstream's schema for the version a manifest declares. */
export async function measureAgreement(): Promise<readonly Figure[]> {
  const verdicts = new Map(readVerdicts());
  const manifests = realManifests().filter(({ file }) => verdicts.has(file));
  const differing: string[] = [];
  let stricter = 0;
  for (const { file, text } of manifests) {
    const examined = await examineText(text, []);
    const verdict = examined.readable ? examined.structure : 'invalid';
    const isDeviation =
      examined.readable && examined.issues.some(({ issue }) => issue.deviation !== undefined);
    if (verdict === verdicts.get(file)) continue;
    if (isDeviation && verdict === 'invalid') stricter += 1;
    else differing.push(file);
  }
  if (manifests.length === 0) return [];
  const others = differing.length === 0 ? '' : `; different: ${differing.join(', ')}`;
  return [
    figure({
      id: 'structure-agrees',
      value: manifests.length - differing.length,
      unit: `of ${manifests.length}`,
      better: 'higher',
      goal: manifests.length,
      against: `verdicts.csv; ${stricter} by a listed deviation${others}`,
    }),
  ];
}
