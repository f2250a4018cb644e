import { isDeepStrictEqual } from 'node:util';
import { RE2JS } from 're2js';
import { type Document, isMap, isScalar, parseAllDocuments } from 'yaml';

export type InputSpec = Readonly<Record<string, unknown>>;
export type InputSpecs = Readonly<Record<string, InputSpec>>;

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** `templates/validate/template.yml` → `validate`; undefined for any other path. */
export function componentOf(path: string): string | undefined {
  return /^templates\/([^/]+)\/template\.yml$/.exec(path)?.[1];
}

/** The `spec.inputs` of a component's first document. */
export function parseInputSpecs(text: string): Parsed<InputSpecs> {
  const parsed = parseDocuments(text);
  if (!parsed.ok) return parsed;
  const inputs = contentOf(parsed.value[0])?.spec?.inputs ?? {};
  return {
    ok: true,
    value: Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, spec ?? {}])),
  };
}

/**
 * Writes the image into the template as the default of its input `image`, by an edit of the text: comments and
 * layout stay. The image must be free of quotes. What comes out is parsed again and compared.
 */
export function stampImage(text: string, image: string): Parsed<string> {
  const parsed = parseDocuments(text);
  if (!parsed.ok) return parsed;
  const input = parsed.value[0]?.getIn(['spec', 'inputs', 'image'], true);
  if (!isMap(input) || input.flow === true) {
    return { ok: false, reason: 'has no input `image` written as a block of lines' };
  }
  if (!accepts(input.get('regex'), image)) {
    return { ok: false, reason: `has a regex for \`image\` that does not match ${image}` };
  }
  const stamped = splice(text, editOf(text, input.items, `default: '${image}'`));
  const problem = findSideEffect(parsed.value, stamped, image);
  return problem === undefined ? { ok: true, value: stamped } : { ok: false, reason: problem };
}

function accepts(regex: unknown, image: string): boolean {
  if (typeof regex !== 'string') return true;
  try {
    return RE2JS.compile(regex).matcher(image).find();
  } catch {
    return false;
  }
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Pairs = readonly { readonly key: unknown; readonly value: unknown }[];

// Replaces the line stamped before, else adds one below the first key, which is the description.
function editOf(text: string, pairs: Pairs, line: string): Edit {
  const old = pairs.find((pair) => isScalar(pair.key) && pair.key.value === 'default');
  if (old !== undefined) return { from: startOf(old.key), to: endOf(old.value), text: line };
  const [first] = pairs;
  const column = startOf(first?.key) - (text.lastIndexOf('\n', startOf(first?.key)) + 1);
  const end = endOf(first?.value);
  const feed = text[end - 1] === '\n' ? end - 1 : text.indexOf('\n', end);
  const at = feed < 0 ? text.length : feed + 1;
  const newline = text[feed - 1] === '\r' ? '\r\n' : '\n';
  return { from: at, to: at, text: `${feed < 0 ? newline : ''}${' '.repeat(column)}${line}${newline}` };
}

function splice(text: string, edit: Edit): string {
  return text.slice(0, edit.from) + edit.text + text.slice(edit.to);
}

interface Ranged {
  readonly range?: readonly [number, number, number] | null;
}

function startOf(node: unknown): number {
  return (node as Ranged | null | undefined)?.range?.[0] ?? 0;
}

function endOf(node: unknown): number {
  return (node as Ranged | null | undefined)?.range?.[1] ?? 0;
}

function findSideEffect(before: readonly Document[], stamped: string, image: string): string | undefined {
  const after = parseDocuments(stamped);
  if (!after.ok) return `is no YAML any more once stamped: ${after.reason}`;
  const expected = before.map(contentOf);
  const input = expected[0]?.spec?.inputs?.image;
  if (typeof input === 'object' && input !== null) Object.assign(input, { default: image });
  return isDeepStrictEqual(after.value.map(contentOf), expected)
    ? undefined
    : 'would change in more than the default of `image`';
}

interface Header {
  readonly spec?: { readonly inputs?: Readonly<Record<string, InputSpec | null>> };
}

function contentOf(document: Document | undefined): Header | null {
  return document?.toJS() ?? null;
}

// GitLab reads YAML 1.1, where `no` is false and `<<` merges.
function parseDocuments(text: string): Parsed<Document[]> {
  const documents = parseAllDocuments(text, { version: '1.1', merge: true, logLevel: 'silent' });
  if (!Array.isArray(documents)) return { ok: false, reason: 'is empty' };
  const [error] = documents.flatMap((document) => document.errors);
  return error === undefined
    ? { ok: true, value: [...documents] }
    : { ok: false, reason: `is no YAML: ${error.message.split('\n')[0]}` };
}
