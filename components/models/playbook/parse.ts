import { RE2JS } from 're2js';
import { type Failure, Failures } from '../../kernel/failure.ts';
import type { DataPath } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { errors } from '../errors.ts';
import { type Mistake, readDocument } from '../read-document.ts';
import type { Cause, Playbook } from './playbook.gen.ts';

const mostTold = 20;

/** Steps of RE2's automaton for one expression: each character of a log costs as many, whatever the log holds. */
const largestProgram = 500;

export interface KnownCause extends Cause {
  readonly finds: readonly RE2JS[];
  readonly excludes: RE2JS | undefined;
}

/** A playbook that was checked and compiled. */
export interface ReadyPlaybook {
  /** As it stands in the file, for a tool that looks for such lines itself. */
  readonly errors: string;
  readonly findsError: RE2JS;
  readonly causes: readonly KnownCause[];
}

interface Wrong {
  readonly path: DataPath;
  readonly reason: string;
}

/** Reads a playbook (schemas/playbook.schema.json). @throws Failures of MODEL_PLAYBOOK: every mistake, with its place */
export async function parsePlaybook(file: string, text: string): Promise<ReadyPlaybook> {
  const { validate } = await import('#validators/playbook');
  const read = await readDocument(text, validate);
  if (!read.ok) throw refused(file, read.mistakes);
  const { errors: lines, causes } = read.data as Playbook;
  const wrong: Wrong[] = [];
  const compile = (pattern: string, path: DataPath) => {
    const compiled = compileExpression(pattern);
    if (typeof compiled !== 'string') return compiled;
    wrong.push({ path, reason: compiled });
    return undefined;
  };
  const findsError = compile(lines, ['errors']);
  const known = causes.map((cause, index): KnownCause => {
    const path = ['causes', index];
    const finds = (cause.match ?? []).map((each, at) => compile(each, [...path, 'match', at]));
    const excludes = cause.unless === undefined ? undefined : compile(cause.unless, [...path, 'unless']);
    const ready = { ...cause, finds: finds.filter((each) => each !== undefined), excludes };
    wrong.push(...placeholderMistakes(ready, path));
    if (causes.findIndex(({ id }) => id === cause.id) < index)
      wrong.push({ path: [...path, 'id'], reason: `${cause.id} stands there already` });
    return ready;
  });
  if (wrong.length > 0 || findsError === undefined)
    throw refused(
      file,
      wrong.map(({ path, reason }) => ({ ...read.locate(path), reason })),
    );
  return { errors: lines, findsError, causes: known };
}

function compileExpression(pattern: string): RE2JS | string {
  try {
    const compiled = RE2JS.compile(pattern);
    const size = compiled.programSize();
    return size <= largestProgram
      ? compiled
      : `the expression has ${size} steps, at most ${largestProgram} are taken`;
  } catch (error) {
    return `the expression is none of RE2: ${(error as Error).message}`;
  }
}

/** What stands in braces must be taken by each expression of a cause: any of them may be the one that is found. */
function placeholderMistakes(cause: KnownCause, path: DataPath): readonly Wrong[] {
  const groups = cause.finds.map((each) => Object.keys(each.namedGroups()));
  const isTaken = (name: string) =>
    cause.reasons === undefined && groups.every((names) => names.includes(name));
  return (['title', 'explanation', 'fix'] as const).flatMap((field) =>
    [...cause[field].matchAll(placeholder)]
      .filter(([, name = '']) => !isTaken(name))
      .map(([whole]) => ({
        path: [...path, field],
        reason: `${quote(whole)} is a group of no expression of ${cause.id}, or not of each`,
      })),
  );
}

export const placeholder = /\{([a-z][a-z0-9_]*)\}/g;

function refused(file: string, mistakes: readonly Mistake[]): Failures {
  const [first, ...rest] = mistakes
    .slice(0, mostTold)
    .map(
      ({ line, column, reason }): Failure => errors.PLAYBOOK({ place: `${file}:${line}:${column}`, reason }),
    );
  if (first === undefined) throw new TypeError('a mistake is missing');
  return new Failures([first, ...rest]);
}
