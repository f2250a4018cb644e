import { validators } from '#validators/ossa-components';
import type { FindingCode } from '../../kernel/finding.ts';
import { type DataPath, valueAt } from '../../kernel/place.ts';
import { explainMistakes, type SchemaKeyword, type SchemaValidator } from '../../kernel/schema.ts';
import type { PlacedIssue } from '../structure.ts';
import type { ManifestDocument } from '../types.ts';
import { componentFindings as codes } from './findings.ts';
import { type Component, componentsIn, misplacedIn, type PlacedComponent } from './places.ts';
import { hasComponents } from './versions.ts';

/**
 * Holds a document to OSSA 0.3.5's components, at each place where one may stand and the version's own schema does
 * not check it already. Schemas are loaded only of what the document holds. The issues belong to the rules: they say
 * nothing about the structure. In documents of versions before 0.3.5, which have no components, they are warnings.
 */
export async function checkComponents(document: ManifestDocument): Promise<readonly PlacedIssue[]> {
  const placed = componentsIn(document);
  if (placed.length === 0) return [];
  const checked = await Promise.all(placed.map((component) => checkPlaced(document, component)));
  const issues = [...checked.flat(), ...misplacedIn(document)];
  if (hasComponents(document.data.apiVersion)) return issues;
  return issues.map((issue) => ({ ...issue, code: { ...issue.code, severity: 'warning' } }));
}

async function checkPlaced(
  { data }: ManifestDocument,
  { component, path, isCheckedElsewhere }: PlacedComponent,
): Promise<readonly PlacedIssue[]> {
  const own = isCheckedElsewhere ? [] : await checkBy(component, component, path, data, codeOf);
  if (component !== 'flow') return own;
  return [...own, ...(await checkBy('flow-by-type', component, path, data, byType))];
}

async function checkBy(
  schema: Component | 'flow-by-type',
  component: Component,
  path: DataPath,
  data: unknown,
  code: (keyword: SchemaKeyword) => FindingCode,
): Promise<readonly PlacedIssue[]> {
  const entry = validators[schema];
  if (entry === undefined) throw new Error(`there is no schema ${schema} in schemas/ossa-components`);
  const validator = movedTo(path, component, await entry.load());
  return explainMistakes(validator, data).map(({ keyword, ...issue }) =>
    withoutFalseFriend({ code: code(keyword), ...issue }, data),
  );
}

/**
 * `percentage` is spelt almost like `percentile`, but those who write it of a measurement give a numerator and a
 * denominator: they mean a ratio, of which the target is another number.
 */
function withoutFalseFriend(issue: PlacedIssue, data: unknown): PlacedIssue {
  const isPercentage = issue.path.at(-2) === 'measurement' && valueAt(data, issue.path) === 'percentage';
  if (!isPercentage) return issue;
  const { suggestion: _, wants: __, ...rest } = issue;
  return {
    ...rest,
    fix: 'A percentage is a ratio: write type ratio, and the target as a share, such as 0.3.',
  };
}

/**
 * The validator of a mapping with one component, as one of whole documents that have it at a place: messages name
 * the whole path. Steps of the place are names of ours, none of which a JSON pointer would have to escape.
 */
function movedTo(place: DataPath, component: Component, validator: SchemaValidator): SchemaValidator {
  const moved: SchemaValidator = (data) => {
    const isValid = validator({ [component]: valueAt(data, place) });
    moved.errors = (validator.errors ?? []).map((error) => {
      const inside = error.instancePath.slice(`/${component}`.length);
      return { ...error, instancePath: `/${place.join('/')}${inside}` };
    });
    return isValid;
  };
  return moved;
}

const codesByKeyword: Readonly<Partial<Record<SchemaKeyword, FindingCode>>> = {
  type: codes.TYPE,
  enum: codes.ENUM,
  required: codes.REQUIRED,
  pattern: codes.FORMAT,
  format: codes.FORMAT,
};

/** Of the keywords in these schemas those that are left are limits. */
function codeOf(keyword: SchemaKeyword): FindingCode {
  return codesByKeyword[keyword] ?? codes.RANGE;
}

function byType(): FindingCode {
  return codes.INCOMPLETE;
}
