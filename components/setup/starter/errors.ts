import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('STARTER', {
  NAME: {
    kind: 'misuse',
    message: (f: { got: string }) => `${f.got} cannot be the name of an agent`,
    fix: 'Use lower-case letters, digits and dashes, at most 60, with a letter or digit at both ends.',
  },
  MODEL_MISSING: {
    kind: 'misuse',
    message: (f: { provider: string }) =>
      `no model is given, and there is no usual one of the provider ${f.provider}`,
    fix: "Name one with --model, as the provider's own documentation writes it, with version or date.",
  },
  TOOL_UNKNOWN: {
    kind: 'misuse',
    message: (f: { got: string; known: string; near: string }) =>
      `there is no tool ${f.got}; there are ${f.known}${f.near}`,
    fix: 'Name tools that `pipewright run` gives to agents; what other runtimes have is added to the file by hand.',
  },
  LABEL: {
    kind: 'misuse',
    message: (f: { got: string }) => `no labels of GitLab: ${f.got}`,
    fix: 'Write each as GitLab shows it, at most 255 characters without commas, and repeat --labels for several.',
  },
  FROM_UNKNOWN: {
    kind: 'misuse',
    message: (f: { got: string; known: string; near: string }) =>
      `there is no agent ${f.got} to copy; there are ${f.known}${f.near}`,
    fix: 'Name one of them with --from, or none for a manifest to begin with.',
  },
  FROM_CHANGED: {
    kind: 'misuse',
    message: (f: { changes: string }) =>
      `an agent that is copied is copied as it is, and these are given besides: ${f.changes}`,
    fix: 'Copy it without them, then change its manifest; its policies and its tests name it.',
  },
});
