import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('MANIFEST', {
  NONE_FOUND: {
    kind: 'misuse',
    message: (f: { patterns: string; root: string }) => `no manifest matches ${f.patterns} in ${f.root}`,
    fix: 'Set the inputs `root` and `manifests` to where the manifests are; names end in .ossa.yaml by custom.',
  },
  ROOT_MISSING: {
    kind: 'misuse',
    message: (f: { root: string }) => `the root ${f.root} is not a directory`,
    fix: 'Set the input `root` to a directory of the repository.',
  },
});
