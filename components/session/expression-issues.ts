import type { ExpressionIssue } from '../expressions/types.ts';
import { type DataPath, renderPath } from '../kernel/place.ts';
import { quote } from '../kernel/schema-terms.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ManifestIssue } from './issue.ts';

/** Mistakes of an expression as mistakes of the manifest; the place is the expression's, the message quotes the part. */
export function expressionIssues(
  path: DataPath,
  source: string,
  issues: readonly ExpressionIssue[],
): readonly ManifestIssue[] {
  return issues.map(({ offset, length, message, expected, got, suggestion }) => {
    const part = source.slice(offset, offset + length);
    const place = part === '' || part === source ? '' : ` at ${quote(part)}`;
    return {
      code: codes.EXPRESSION,
      path,
      message: `${renderPath(path)}${place}: ${message}`,
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  });
}
