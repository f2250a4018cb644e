import { detectors } from '../../../components/session/filters/detectors.gen.ts';
import { betweenMarkers, type Output, table } from './outputs.ts';

/** The table of docs/filters.md: each detector, by what it decides and what it misses. */
export async function generateDetectorTable(): Promise<Output> {
  const rows = detectors.map(({ id, dataClass, names, decides, misses }) => [
    `\`${id}\``,
    dataClass ?? '–',
    names.map((name) => `\`${name}\``).join(', '),
    decides,
    misses,
  ]);
  const head = ['detector', 'class', 'in a manifest also', 'how it decides', 'what it misses'];
  return betweenMarkers('docs/filters.md', 'detectors', table(head, rows).join('\n'));
}
