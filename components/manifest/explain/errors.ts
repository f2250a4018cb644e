import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('EXPLAIN', {
  NOTHING: {
    kind: 'misuse',
    message: (_: Readonly<Record<never, never>>) => 'nothing to explain is named',
    fix: 'Name a code (OSSA_ENUM), a rule (signal-shadowed) or a field (spec.completion.signals[].signal); several at once are fine.',
  },
  UNKNOWN: {
    kind: 'misuse',
    message: (f: { asked: string; near: string }) =>
      `${f.asked} is no code, no rule and no field of OSSA${f.near}`,
    fix: 'Codes are listed in docs/errors.md; of fields the last names are enough, as in completion.signals.',
  },
  VERSION: {
    kind: 'misuse',
    message: (f: { got: string; known: string; near: string }) =>
      `${f.got} is no version of OSSA whose fields are known; there are ${f.known}${f.near}`,
    fix: 'Write it as in apiVersion, such as ossa/v0.3.5, or leave --version out to see all versions.',
  },
});
