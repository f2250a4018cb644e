import { respelled } from '../../versions.ts';
import { defineFixer } from '../fixer.ts';

export const fixer = defineFixer({
  id: 'version-name',
  about:
    'A version without its prefix gets it (`v0.4.5` becomes `ossa/v0.4.5`), and `ossaVersion`, as early tools wrote it, becomes ' +
    '`apiVersion`.',
  plan: (issue, document) => {
    const isMissing = issue.path.length === 0 && document.apiVersion === undefined;
    const isWrong = issue.path.length === 1 && issue.path[0] === 'apiVersion';
    if (isWrong) {
      const meant = versionMeant(document.apiVersion);
      if (meant === undefined) return undefined;
      return {
        edits: [{ do: 'set', path: ['apiVersion'], value: meant }],
        says: `${document.apiVersion} → ${meant}`,
      };
    }
    // The manifests of 0.1.9 have this field too, and another shape.
    if (!isMissing || typeof document.kind !== 'string' || document.spec === undefined) return undefined;
    const meant = versionMeant(document.ossaVersion);
    if (meant === undefined) return undefined;
    return {
      edits: [
        { do: 'set', path: ['ossaVersion'], value: meant },
        { do: 'rename', path: ['ossaVersion'], name: 'apiVersion' },
      ],
      says: `ossaVersion: ${document.ossaVersion} → apiVersion: ${meant}`,
    };
  },
});

function versionMeant(given: unknown): string | undefined {
  const meant = typeof given === 'string' || typeof given === 'number' ? respelled(String(given)) : undefined;
  return meant === given ? undefined : meant;
}
