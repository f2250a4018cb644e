import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('SANDBOX', {
  UNAVAILABLE: {
    kind: 'outside',
    message: (f: { reason: string }) =>
      `repository scripts run in a sandbox of namespaces or not at all, and there is none here: ${f.reason}`,
    fix: 'Use a runner that lets jobs make user namespaces, with bubblewrap 0.8 or later in the image; agents without scripts run anywhere.',
  },
  OFF: {
    kind: 'misuse',
    message: () => 'this is a script of the repository, and --sandbox=off starts none',
    fix: 'Leave the input sandbox at require; a script that is not shut in is never run.',
  },
  ROOT: {
    kind: 'misuse',
    message: (f: { root: string; reason: string }) => `${f.root} cannot be shown to a script: ${f.reason}`,
    fix: 'Give the folder of the checkout.',
  },
  INVALID: {
    kind: 'misuse',
    message: (f: { what: string; expected: string }) =>
      `${f.what} cannot be given to a script: expected ${f.expected}`,
    fix: 'Correct the command or the variable where the task declares it.',
  },
  FAILED: {
    kind: 'outside',
    message: (f: { reason: string }) =>
      `the sandbox broke, and the script did not run to its end: ${f.reason}`,
    fix: 'Run it again; if it stays, the runner has too little memory or too many processes, or its limits have changed.',
  },
});
