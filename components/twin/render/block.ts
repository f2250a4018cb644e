import { nearest } from '../../kernel/suggest.ts';
import { renderFindings } from './findings.ts';
import { type FunctionScope, findFunction } from './functions.ts';
import { isMapping, type Mapping } from './merge.ts';
import type { Mistake } from './report.ts';

/** Stands for an input whose value is wrong: what is written around it is checked all the same. */
export const unresolved = Symbol('unresolved');

/** What blocks of a file may name. */
export interface Scope extends FunctionScope {
  readonly inputs: Mapping;
  readonly component: Mapping;
}

export interface Block {
  /** As written: `$[[ inputs.name | expand_vars ]]`. */
  readonly text: string;
  /** What stands between the brackets. */
  readonly data: string;
}

export type BlockValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

const maxFunctions = 3;
const maxAccessBytes = 1024;

/** The blocks of a text, in order. One is on one line, and has at least two characters that are not white space. */
export function findBlocks(text: string): readonly Block[] {
  if (!text.includes('$[[')) return [];
  const form = /\$\[\[[\t\n\f\r ]*([^\t\n\f\r ][^\n]*?[^\t\n\f\r ])[\t\n\f\r ]*\]\]/g;
  return [...text.matchAll(form)].map(([block, data = '']) => ({ text: block, data }));
}

/** Whether a text has a `$[[` that will not be replaced: GitLab itself replaces `$[[ matrix.NAME ]]` later. */
export function hasBlockLeft(text: string): boolean {
  return text.includes('$[[') && text.replace(/\$\[\[\s*matrix\.[A-Za-z0-9_-]+\s*\]\]/g, '').includes('$[[');
}

/** The value of a block, and every mistake in it. */
export function evaluateBlock(block: Block, scope: Scope): BlockValue {
  const [access = '', ...functions] = block.data.split('|').map((part) => part.trim());
  if (access.split('.')[0] === 'matrix') return { ok: true, value: block.text };
  const read = readAccess(access, scope);
  const mistakes = read.ok ? [] : [...read.mistakes];
  // Ruby's split drops empty parts at the end, so `inputs.a |` has no function.
  while (functions.at(-1) === '') functions.pop();
  if (functions.length > maxFunctions) {
    const message = 'too many functions in interpolation block';
    mistakes.push({ code: renderFindings.TOO_MANY_FUNCTIONS, message });
  }
  const unknown = functions.filter((name) => findFunction(name) === undefined);
  for (const name of unknown) {
    const hint = 'check that the function name, arguments, and types are correct';
    const message = `no function matching \`${name}\`: ${hint}`;
    mistakes.push({ code: renderFindings.FUNCTION, message });
  }
  if (!read.ok || mistakes.length > 0) return { ok: false, mistakes };
  return applyFunctions(read.value, functions, scope);
}

function readAccess(access: string, scope: Scope): BlockValue {
  const mistakes: Mistake[] = [];
  const names = access === '' ? [] : access.split('.');
  if (names.length <= 1) {
    mistakes.push({ code: renderFindings.ACCESS, message: 'invalid interpolation access pattern' });
  }
  if (Buffer.byteLength(access) > maxAccessBytes) {
    mistakes.push({ code: renderFindings.ACCESS, message: 'maximum interpolation expression size exceeded' });
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  let value: unknown = { inputs: scope.inputs, component: scope.component };
  for (const name of names) {
    if (!isMapping(value) || !Object.hasOwn(value, name)) {
      const message = `unknown interpolation key: \`${name}\``;
      const near = isMapping(value) ? nearest(name, Object.keys(value)) : undefined;
      return { ok: false, mistakes: [{ code: renderFindings.KEY_UNKNOWN, message, suggestion: near }] };
    }
    value = value[name];
  }
  return { ok: true, value };
}

function applyFunctions(start: unknown, functions: readonly string[], scope: Scope): BlockValue {
  let value = start;
  for (const name of functions) {
    if (value === unresolved) break;
    const result = findFunction(name)?.(value, scope);
    if (result && !result.ok) {
      return { ok: false, mistakes: [{ code: renderFindings.FUNCTION, message: result.message }] };
    }
    value = result?.value;
  }
  return { ok: true, value };
}
