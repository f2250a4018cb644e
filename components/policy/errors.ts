import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('POLICY', {
  ACTION: {
    kind: 'misuse',
    message: (f: { given: string; known: string }) =>
      `${f.given === '' ? 'nothing is named' : JSON.stringify(f.given)}; what can be done with policies: ${f.known}`,
    fix: 'Name one, with what it needs, such as `pipewright policy test`.',
  },
  NONE: {
    kind: 'misuse',
    message: (f: { folder: string }) => `there are no policies in ${f.folder}`,
    fix: 'Name the folder that holds files *.policy.yaml by --policies, or write the first: `pipewright policy init`.',
  },
  LEVEL_TWICE: {
    kind: 'misuse',
    message: () => 'the organisation is given twice: by --level=organisation, and by --organisation',
    fix: 'Leave --organisation out where the policies of the organisation themselves are looked at.',
  },
  LEVELS_BELOW: {
    kind: 'misuse',
    message: () => 'further levels hold below the organisation, whose policies --level=organisation looks at',
    fix: 'Leave --levels out, or look at a level below by --level=project.',
  },
  STARTER: {
    kind: 'misuse',
    message: (f: { got: string; known: string }) =>
      `there is no policy ${JSON.stringify(f.got)} to begin with`,
    fix: 'Name one of those that `pipewright policy init --help` lists.',
  },
  BUNDLE_INVALID: {
    kind: 'misuse',
    message: (f: { file: string; reason: string }) => `${f.file} is no bundle of policies: ${f.reason}`,
    fix: 'Make it with `pipewright policy build`.',
  },
  BUNDLE_DIGEST: {
    kind: 'misuse',
    message: (f: { file: string; expected: string; got: string }) =>
      `${f.file} was changed after it was built: its digest says ${f.expected}, its content has ${f.got}`,
    fix: 'Build it again from its policies; nothing is taken out of a bundle that was changed.',
  },
  VERSION_MISSING: {
    kind: 'misuse',
    message: () => 'a bundle needs a version, and none is given',
    fix: 'Give one, such as --version=1.2.0.',
  },
  REQUEST_INVALID: {
    kind: 'misuse',
    message: (f: { file: string; reason: string }) => `${f.file} holds no request: ${f.reason}`,
    fix: 'Give a mapping of facts (docs/policies.md lists them), or a decision.json that `gate` or `apply` has written.',
  },
  LEVELS_DIFFER: {
    kind: 'misuse',
    message: (f: { file: string; recorded: string; given: string }) =>
      `${f.file} was decided by the levels ${f.recorded}, and these are ${f.given}`,
    fix: 'Give the folders of all levels by --policies, --organisation and --levels, or hold two sets of policies against each other by --against.',
  },
  LEVEL_INVALID: {
    kind: 'misuse',
    message: (f: { text: string; reason: string }) =>
      `${JSON.stringify(f.text)} names no level of policies: ${f.reason}`,
    fix: 'Write levels as docs/policies.md shows, the widest first; `pipewright policy build` prints the digest.',
  },
});
