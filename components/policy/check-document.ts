import { validate } from '#validators/policy';
import type { Expression, ExpressionIssue } from '../expressions/types.ts';
import type { Digest } from '../kernel/canonical.ts';
import type { FindingCode } from '../kernel/finding.ts';
import { type DataPath, valueAt } from '../kernel/place.ts';
import { checkSchema, type SchemaIssue } from '../kernel/schema.ts';
import { kindInWords, shown } from '../kernel/schema-terms.ts';
import { nearest } from '../kernel/suggest.ts';
import type { PolicyDocument, PolicyFileDocument } from './documents.gen.ts';
import { evaluator } from './evaluator.ts';
import { policyFindings as codes } from './findings.ts';
import { isPossible, resourceOfAction } from './match.ts';
import { actions as askedActions, type Certification, type Match, type Policy } from './types.ts';

/** A mistake whose place is not yet a line and column. */
export interface PlacedIssue extends Partial<Omit<SchemaIssue, 'path' | 'message' | 'keyword'>> {
  readonly code: FindingCode;
  readonly path: DataPath;
  readonly message: string;
  readonly fix?: string;
  /** Of a mistake inside a condition: its text, and how far into it. */
  readonly inside?: { readonly source: string; readonly offset: number };
}

export interface CheckedDocument {
  readonly kind: Kind | undefined;
  /** As it is written, whether or not the rest is right. */
  readonly name: string | undefined;
  readonly issues: readonly PlacedIssue[];
  readonly policy?: Omit<Policy, 'place'>;
  readonly certification?: Certification;
}

const version = 'pipewright/v1';
const kinds = ['Policy', 'Certification'] as const;
type Kind = (typeof kinds)[number];

/** Checks one document by itself: version and kind, then its structure, then what a schema cannot say. */
export function checkDocument(value: unknown): CheckedDocument {
  const written = valueAt(value, ['metadata', 'name']);
  const name = typeof written === 'string' ? written : undefined;
  const kind = kinds.find((known) => known === valueAt(value, ['kind']));
  const issues = checkHead(value);
  if (issues.length > 0) return { kind, name, issues };
  const structure = checkSchema(validate, value).map(({ keyword: _, ...issue }) => ({
    ...{ code: codes.STRUCTURE, ...issue },
  }));
  if (structure.length > 0)
    return { kind, name, issues: [...structure, ...compileConditions(value, structure).issues] };
  const document = value as PolicyFileDocument;
  if (document.kind === 'Certification')
    return { kind, name, issues: [], certification: certificationFrom(document) };
  const { conditions, issues: mistakes } = compileConditions(value, []);
  const meaning = [...checkMeaning(document), ...mistakes];
  if (meaning.some(isMistake)) return { kind, name, issues: meaning };
  return { kind, name, issues: meaning, policy: policyFrom(document, conditions) };
}

function checkHead(value: unknown): readonly PlacedIssue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const got = value === null ? 'nothing' : kindInWords(value);
    const message = `the document is ${got}, no policy and no certification`;
    return [
      { code: codes.STRUCTURE, path: [], message, expected: 'a mapping with apiVersion and kind', got },
    ];
  }
  return [
    ...checkWord(valueAt(value, ['apiVersion']), 'apiVersion', codes.VERSION, [version]),
    ...checkWord(valueAt(value, ['kind']), 'kind', codes.KIND, kinds),
  ];
}

function checkWord(
  value: unknown,
  field: string,
  code: FindingCode,
  known: readonly string[],
): readonly PlacedIssue[] {
  if (known.some((word) => word === value)) return [];
  const expected = known.length === 1 ? known.join() : `one of: ${known.join(', ')}`;
  if (value === undefined) return [{ code, path: [], message: `${field} is missing`, expected }];
  const got = shown(value);
  const near = typeof value === 'string' ? nearest(value, known) : undefined;
  const suggestion = near === undefined ? {} : { suggestion: near };
  return [{ code, path: [field], message: `${field} is ${got}`, expected, got, ...suggestion }];
}

interface CompiledConditions {
  readonly conditions: readonly Expression[];
  readonly issues: readonly PlacedIssue[];
}

/** Compiles each condition whose place in the structure is right, also where the rest of the document is not. */
function compileConditions(value: unknown, structure: readonly PlacedIssue[]): CompiledConditions {
  const list = valueAt(value, ['spec', 'conditions']);
  const conditions: Expression[] = [];
  const issues: PlacedIssue[] = [];
  const wrong = new Set(structure.map(({ path }) => path.join('.')));
  const sources: readonly unknown[] = Array.isArray(list) ? list : [];
  for (const [index, source] of sources.entries()) {
    const path: DataPath = ['spec', 'conditions', index];
    if (typeof source !== 'string' || wrong.has(path.join('.'))) continue;
    const compiled = evaluator.compile(source);
    if (compiled.ok) conditions.push(compiled.expression);
    else issues.push(...compiled.issues.map((issue) => issueInside(source, path, issue)));
  }
  return { conditions, issues };
}

function issueInside(source: string, path: DataPath, issue: ExpressionIssue): PlacedIssue {
  const { offset, length: _, ...words } = issue;
  return { code: codes.EXPRESSION, path, ...words, inside: { source, offset } };
}

/** What a schema cannot say of one policy. */
function checkMeaning({ spec }: PolicyDocument): readonly PlacedIssue[] {
  const { actions, resources } = spec.match;
  const issues: PlacedIssue[] = actions.flatMap((action, index) => {
    if (!isAsked(action)) return [notAsked(['spec', 'match', 'actions', index], `for the action ${action}`)];
    if (resources === undefined || resources.some((resource) => isPossible(action, resource))) return [];
    const { message, fix } = neverMatches(action, resources);
    return [{ code: codes.NEVER_MATCHES, path: ['spec', 'match', 'actions', index], message, fix }];
  });
  const isAboutNone = resources?.includes('environment-stop') === false || !actions.includes('propose');
  if (spec.match.environments !== undefined && isAboutNone)
    issues.push({
      ...notAsked(['spec', 'match', 'environments'], 'about environments for that'),
      target: 'key',
    });
  if (spec.effect === 'permit' && spec.severity !== undefined)
    issues.push({
      ...{ code: codes.STRUCTURE, path: ['spec', 'severity'], target: 'key' },
      message: 'a permit has no severity: it never stops anything',
      fix: 'Remove severity, or make the policy a forbid.',
    });
  return issues;
}

function isAsked(action: string): boolean {
  return askedActions.some((asked) => asked === action);
}

function notAsked(path: DataPath, what: string): PlacedIssue {
  return { code: codes.NOT_ASKED, path, message: `nothing asks policies ${what} yet` };
}

/** Whether a document cannot be used for it. */
export function isMistake({ code }: PlacedIssue): boolean {
  return code.severity === 'error';
}

const inWords: Readonly<Record<string, string>> = {
  run: 'a run',
  resume: 'going on with a session',
  use_model: 'the use of a model',
  call_tool: 'a call of a tool',
  delegate: 'giving a task to a subagent',
};

function neverMatches(action: string, resources: readonly string[]) {
  const resource = resourceOfAction(action);
  if (resource !== undefined)
    return {
      message: `${inWords[action]} is about a ${resource}, and none of the resources is`,
      fix: `Add ${resource} to spec.match.resources, or remove the action.`,
    };
  const only = resources.length === 1 ? 'the only one' : 'the only ones';
  return {
    message: `nothing is proposed for a ${resources.join(' or a ')}, ${only} of the resources`,
    fix: 'Add a kind of proposal to spec.match.resources, or remove the action.',
  };
}

function policyFrom(
  { metadata, spec }: PolicyDocument,
  conditions: readonly Expression[],
): Omit<Policy, 'place'> {
  const { effect, message, fix, severity } = spec;
  return {
    ...{ name: metadata.name, effect, match: spec.match as Match, conditions, message },
    ...(fix === undefined ? {} : { fix }),
    severity: severity ?? 'error',
  };
}

function certificationFrom(document: Extract<PolicyFileDocument, { kind: 'Certification' }>): Certification {
  const { manifest, level, until, reason } = document.spec;
  return {
    ...{ name: document.metadata.name, manifest: manifest as Digest, level, reason },
    ...(until === undefined ? {} : { until }),
  };
}
