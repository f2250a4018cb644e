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
  TARGET_UNKNOWN: {
    kind: 'misuse',
    message: (f: { to: string; known: string }) =>
      `${f.to} is no version a manifest can be brought to; known are ${f.known}`,
    fix: 'Name one of them with `--to`, or a release of one, such as ossa/v0.4.6.',
  },
  NOT_MIGRATABLE: {
    kind: 'misuse',
    message: (f: { file: string }) =>
      `${f.file} cannot be read, or a document in it declares no version that is known`,
    fix: 'See what `pipewright validate` says about it, mend that, and migrate again.',
  },
});
