import { listed } from '../kernel/suggest.ts';
import type { CheckLine, Known } from './types.ts';

export function ok(check: string, says: string): CheckLine {
  return { check, result: 'ok', says };
}

/** Worth knowing, and no mistake. */
export function note(check: string, says: string): CheckLine {
  return { check, result: 'note', says };
}

export function wrong(check: string, found: { expected: string; got: string; fix: string }): CheckLine {
  return { check, result: 'wrong', ...found };
}

export function unknown(check: string, reason: string, fix: string): CheckLine {
  return { check, result: 'unknown', reason, fix };
}

type Values<Asked> = { readonly [Name in keyof Asked]: Asked[Name] extends Known<infer T> ? T : never };

/** Judges facts that are all known; else nobody can tell, for the first reason there is. */
export function ofKnown<Asked extends Readonly<Record<string, Known<unknown>>>>(
  check: string,
  asked: Asked,
  judge: (values: Values<Asked>) => CheckLine,
): CheckLine {
  const values: Record<string, unknown> = {};
  for (const [name, fact] of Object.entries(asked)) {
    if (!fact.known)
      return unknown(
        check,
        fact.reason,
        fact.fix ?? 'Use a token of a maintainer of the project, with the scope read_api.',
      );
    values[name] = fact.value;
  }
  return judge(values as Values<Asked>);
}

/** A few names of many; strangers chose them. */
export function few(names: readonly string[]): string {
  return listed(names, 5);
}
