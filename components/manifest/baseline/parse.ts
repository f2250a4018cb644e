import { Failure, Failures } from '../../kernel/failure.ts';
import type { Position } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import { locateManifest } from '../../kernel/yaml-locate.ts';
import type { BaselineFinding, ValidateBaseline } from '../baseline.gen.ts';
import { isData } from '../read-data.ts';
import { errors } from './errors.ts';

export const baselineFormat: ValidateBaseline['format'] = 'pipewright/validate-baseline/v1';

/** A file of another kind breaks the schema at every value; so many mistakes are told. */
const mostTold = 20;

/**
 * Reads the text of a baseline (schemas/validate-baseline.schema.json). Throws `Failures` with every mistake and its place.
 * @throws BASELINE_INVALID, BASELINE_FORMAT
 */
export async function parseBaseline(file: string, text: string): Promise<readonly BaselineFinding[]> {
  const data = await parseData(file, text);
  if (isData(data) && typeof data.format === 'string' && data.format !== baselineFormat) {
    // Of a format that we do not know nothing else can be said.
    const place = placeIn(file, text);
    throw errors.FORMAT({
      place: place(['format']),
      got: JSON.stringify(data.format.slice(0, 100)),
      expected: JSON.stringify(baselineFormat),
    });
  }
  const { validate } = await import('#validators/validate-baseline');
  const issues = checkSchema(validate, data);
  if (issues.length > 0) {
    const place = placeIn(file, text);
    fail(
      issues.map(({ path, target, message, expected }) => ({
        place: place(path, target),
        reason: expected === undefined ? message : `${message}, expected ${expected}`,
      })),
    );
  }
  return (data as ValidateBaseline).findings;
}

/** JSON fast; what is none is YAML to the parser that knows where the mistakes are. */
async function parseData(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const parsed = parseYaml(text, 'manifest');
    if (parsed.ok) return parsed.documents.length > 1 ? parsed.documents : parsed.documents[0];
    const { explainYaml } = await import('../../kernel/yaml-positions.ts');
    return fail(
      explainYaml(text, 'manifest', parsed.problems).map((problem) => ({
        place: placeText(file, problem),
        reason: problem.message,
      })),
    );
  }
}

function placeIn(file: string, text: string) {
  const locator = locateManifest(text);
  return (path: readonly (string | number)[], target?: 'key' | 'value') =>
    placeText(file, locator(0, path, target));
}

function placeText(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function fail(mistakes: readonly { readonly place: string; readonly reason: string }[]): never {
  const more = mistakes.length - mostTold;
  const told = mistakes.slice(0, mostTold).map((mistake, index) => {
    const rest = more > 0 && index === mostTold - 1 ? ` (and ${more} more mistakes)` : '';
    return errors.INVALID({ ...mistake, reason: `${mistake.reason}${rest}` });
  });
  const [first, ...others] = told;
  throw first instanceof Failure ? new Failures([first, ...others]) : new TypeError('a mistake is missing');
}
