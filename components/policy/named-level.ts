import { type Failure, Failures } from '../kernel/failure.ts';
import { errors } from './errors.ts';

/** A level by name, whose policies lie in a folder or a bundle. */
export interface NamedLevel {
  readonly name: string;
  readonly from: string;
}

/** Levels that are there without being given. */
const reserved: readonly string[] = ['default', 'organisation', 'project'];

/** Reads levels in the order given, the widest first. @throws POLICY_LEVEL_INVALID, one for each that is wrong */
export function parseNamedLevels(texts: readonly string[]): readonly NamedLevel[] {
  return parseLevels(texts, 'name=folder or name=bundle.json', parseOne, () => undefined);
}

function parseOne(text: string): NamedLevel | undefined {
  const [whole, name = '', from = ''] = /^([a-z][a-z0-9-]*)=(.+)$/s.exec(text) ?? [];
  return whole === undefined ? undefined : { name, from };
}

/**
 * Reads texts that each name a level: two of one name, or one called as those that are there, could not be told apart in a
 * decision.
 *
 * @param why - more that may be wrong with one
 */
export function parseLevels<Level extends { readonly name: string }>(
  texts: readonly string[],
  form: string,
  parse: (text: string) => Level | undefined,
  why: (level: Level) => string | undefined,
): readonly Level[] {
  const failures: Failure[] = [];
  const levels: Level[] = [];
  for (const text of texts) {
    const level = parse(text);
    const reason = level === undefined ? `expected ${form}` : (whyNoName(level, levels) ?? why(level));
    if (reason !== undefined) failures.push(errors.LEVEL_INVALID({ text, reason }));
    if (level !== undefined) levels.push(level);
  }
  const [first, ...rest] = failures;
  if (first !== undefined) throw rest.length === 0 ? first : new Failures([first, ...rest]);
  return levels;
}

function whyNoName(
  { name }: Pick<NamedLevel, 'name'>,
  before: readonly Pick<NamedLevel, 'name'>[],
): string | undefined {
  if (reserved.includes(name)) return `the name ${name} is taken: ${reserved.join(', ')} are levels already`;
  return before.some((one) => one.name === name) ? `the name ${name} is given twice` : undefined;
}
