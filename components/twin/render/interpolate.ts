import type { DataPath } from '../../kernel/place.ts';
import { Reference } from '../../kernel/yaml.ts';
import { type BlockValue, evaluateBlock, findBlocks, hasBlockLeft, type Scope, unresolved } from './block.ts';
import { renderFindings } from './findings.ts';
import { isMapping, type Mapping, mappingOf } from './merge.ts';
import type { Mistake } from './report.ts';
import { rubyReplaceAll, rubyText } from './ruby.ts';

/** A mistake and where it stands: the path is the one of the file, before keys were interpolated. */
export interface PlacedMistake extends Mistake {
  readonly path: DataPath;
  readonly target: 'key' | 'value';
}

export interface Interpolated {
  readonly value: unknown;
  readonly mistakes: readonly PlacedMistake[];
}

const maxBlocks = 10_000;
const maxNodeBytes = 1024 * 1024;

interface Walk {
  /** Undefined for a file without header: GitLab replaces nothing there. */
  readonly scope: Scope | undefined;
  readonly blocks: Map<string, BlockValue>;
  readonly mistakes: PlacedMistake[];
}

interface Place {
  readonly path: DataPath;
  readonly target: 'key' | 'value';
}

/**
 * Replaces the blocks of a parsed configuration, in keys too. A text that is nothing but one block becomes the value
 * with its type; inside a text a value is written as Ruby does. `!reference` is left alone, as in GitLab. Every
 * `$[[` that is left is a mistake.
 */
export function interpolate(tree: unknown, scope: Scope | undefined): Interpolated {
  const walk: Walk = { scope, blocks: new Map(), mistakes: [] };
  const value = visit(tree, walk, { path: [], target: 'value' });
  if (walk.blocks.size <= maxBlocks) return { value, mistakes: walk.mistakes };
  const mistake = { code: renderFindings.TOO_MANY_BLOCKS, message: 'too many interpolation blocks' };
  return { value, mistakes: [...walk.mistakes, { ...mistake, path: [], target: 'value' }] };
}

function visit(node: unknown, walk: Walk, place: Place): unknown {
  if (typeof node === 'string') return visitText(node, walk, place);
  if (Array.isArray(node)) {
    return node.map((item, index) => visit(item, walk, { path: [...place.path, index], target: 'value' }));
  }
  if (node instanceof Reference) checkLeft(node.path, walk, place);
  return isMapping(node) ? visitMapping(node, walk, place.path) : node;
}

function visitMapping(node: Mapping, walk: Walk, parent: DataPath): Mapping {
  const entries = Object.entries(node).map(([key, value]) => {
    const path = [...parent, key];
    const name = visit(key, walk, { path, target: 'key' });
    return [rubyText(name), visit(value, walk, { path, target: 'value' })] as const;
  });
  return mappingOf(entries);
}

function visitText(text: string, walk: Walk, place: Place): unknown {
  const value = walk.scope === undefined ? text : replaceBlocks(text, walk.scope, walk, place);
  checkLeft(value, walk, place);
  return value;
}

function replaceBlocks(text: string, scope: Scope, walk: Walk, place: Place): unknown {
  if (text.length > maxNodeBytes / 3 && Buffer.byteLength(text) > maxNodeBytes) {
    walk.mistakes.push({ code: renderFindings.NODE_TOO_LARGE, message: 'config node too large', ...place });
    return '';
  }
  let result = text;
  for (const block of findBlocks(text)) {
    if (walk.blocks.size > maxBlocks) return '';
    const value = walk.blocks.get(block.text) ?? evaluateBlock(block, scope);
    walk.blocks.set(block.text, value);
    if (!value.ok) {
      walk.mistakes.push(...value.mistakes.map((mistake) => ({ ...mistake, ...place })));
      result = result.replaceAll(block.text, '');
    } else if (block.text === text) {
      return value.value === unresolved ? '' : value.value;
    } else {
      result = splice(result, block.text, value.value, walk, place);
    }
  }
  return result;
}

// One block after the other, as GitLab does: a value that holds the text of a later block of the same text is
// replaced once more.
function splice(text: string, block: string, value: unknown, walk: Walk, place: Place): string {
  if (value === unresolved) return text.replaceAll(block, '');
  if (Array.isArray(value) && !readsAsJson(rubyText(value))) {
    const message = `\`${block}\` is an array inside a text: GitLab writes ${rubyText(value)} there, which is no JSON`;
    walk.mistakes.push({ code: renderFindings.ARRAY_IN_TEXT, message, ...place });
  }
  return rubyReplaceAll(text, block, rubyText(value));
}

function readsAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// Not below `include`: what is left in an input shows again in the included file, where it matters.
function checkLeft(value: unknown, walk: Walk, place: Place): void {
  if (place.path[0] === 'include') return;
  if (typeof value === 'string' && hasBlockLeft(value)) {
    const shown = value.slice(value.indexOf('$[['), value.indexOf('$[[') + 60).replace(/\n[\s\S]*/, '');
    const message = `\`${shown}\` is left after interpolation: GitLab would run it as it is`;
    walk.mistakes.push({ code: renderFindings.BLOCK_LEFT, message, ...place });
  } else if (Array.isArray(value)) {
    for (const item of value) checkLeft(item, walk, place);
  } else if (isMapping(value)) {
    for (const item of Object.entries(value).flat()) checkLeft(item, walk, place);
  }
}
