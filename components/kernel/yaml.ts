import { type Event, parseEvents, YAMLException } from 'js-yaml';
import type { FindingCode } from './finding.ts';
import { yamlFindings } from './findings.ts';
import type { Position } from './place.ts';
import { buildDocuments } from './yaml-build.ts';
import { defaultYamlLimits, type YamlLimits } from './yaml-limits.ts';
import type { YamlProfile } from './yaml-scalars.ts';
import { positionAt, positionsOf, withoutByteOrderMark } from './yaml-text.ts';

export { Reference } from './yaml-mapping.ts';
export type { YamlProfile } from './yaml-scalars.ts';

export interface YamlProblem extends Position {
  readonly code: FindingCode;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly fix?: string;
}

/** At least one. */
export type YamlProblems = readonly [YamlProblem, ...YamlProblem[]];

export type ParsedYaml =
  | {
      readonly ok: true;
      readonly documents: readonly unknown[];
      /** What the parser told, for who looks up places in the same text; see yaml-locate.ts. */
      readonly events?: readonly Event[];
    }
  | { readonly ok: false; readonly problems: YamlProblems };

/**
 * Reads YAML or JSON into plain values: one per document, `null` for an empty one (`---\n---` has two), none for
 * a text of white space and comments only. Reports every duplicate key, wrong tag and wrong key (100 at most),
 * but of syntax errors the first only: `explainYaml` finds the others. Never throws.
 *
 * `manifest` is YAML 1.2 core: merge keys, duplicate keys, complex keys and tags beyond the core ones are
 * problems. `gitlab` reads as Psych does: merge keys where they stand, the last of equal keys wins, `!reference`
 * becomes a {@link Reference}. Repeated aliases give the same object: treat values as read-only.
 */
export function parseYaml(text: string, profile: YamlProfile, limits?: Partial<YamlLimits>): ParsedYaml {
  const most: YamlLimits = { ...defaultYamlLimits[profile], ...limits };
  const bytes = text.length > most.bytes ? text.length : byteLength(text, most.bytes);
  if (bytes > most.bytes) {
    return problemAt(text, 0, yamlFindings.TOO_LARGE, `the text has more than ${most.bytes} bytes`);
  }
  const source = withoutByteOrderMark(text);
  try {
    // The parser counts the innermost scalar as a level, and no alias; the exact limit is the builder's.
    const events = parseEvents(source, { maxDepth: most.depth + 1 });
    const built = buildDocuments(source, events, profile, most);
    if (built.problems.length === 0) return { ok: true, documents: built.documents, events };
    const at = positionsOf(source);
    const [first, ...rest] = built.problems.map(({ offset, ...problem }) => ({
      ...problem,
      ...at(offset),
    }));
    return first === undefined
      ? { ok: true, documents: built.documents }
      : { ok: false, problems: [first, ...rest] };
  } catch (error) {
    return parserProblem(source, error, most);
  }
}

function byteLength(text: string, limit: number): number {
  return text.length * 3 <= limit ? text.length : Buffer.byteLength(text);
}

// js-yaml asks to catch everything, not only its own exception: a hostile text must never look like our defect.
function parserProblem(source: string, error: unknown, limits: YamlLimits): ParsedYaml {
  const deep = `collections are nested more than ${limits.depth} deep`;
  if (error instanceof RangeError) return problemAt(source, 0, yamlFindings.DEPTH, deep);
  if (!(error instanceof YAMLException)) return problemAt(source, 0, yamlFindings.SYNTAX, String(error));
  const offset = error.mark?.position ?? 0;
  if (error.reason.startsWith('nesting exceeded')) return problemAt(source, offset, yamlFindings.DEPTH, deep);
  return problemAt(source, offset, yamlFindings.SYNTAX, error.reason);
}

function problemAt(text: string, offset: number, code: FindingCode, message: string): ParsedYaml {
  return { ok: false, problems: [{ code, ...positionAt(text, offset), message }] };
}
