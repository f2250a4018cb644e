import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import { yamlFindings } from './findings.ts';
import type { DataPath, Position } from './place.ts';
import type { YamlProblem, YamlProblems } from './yaml.ts';
import { keyText, type YamlProfile } from './yaml-scalars.ts';
import { positionsOf, withoutByteOrderMark } from './yaml-text.ts';

/** Where a value, or the key it is under, stands. Documents count from 0. */
export type YamlLocator = (document: number, path: DataPath, target?: 'key' | 'value') => Position;

/**
 * Makes a locator for a text. A path that does not exist gives its nearest existing ancestor, one through an alias
 * or a merge key the place where the value is written; the last step is not followed. It never throws.
 */
export function locate(text: string, profile: YamlProfile): YamlLocator {
  // A lone CR ends a line in YAML, and this parser does not know it; as an LF nothing moves.
  const source = withoutByteOrderMark(text).replace(/\r(?!\n)/g, '\n');
  const positionAt = positionsOf(source);
  const documents = safely(
    () => parseDocuments(source, profile).map((document) => new Tree(document, profile)),
    [],
  );
  return (document, path, target = 'value') => {
    const tree = documents[document];
    const place = tree && safely(() => tree.find(path), undefined);
    const node = target === 'key' ? (place?.key ?? place?.value) : (place?.value ?? place?.key);
    return positionAt(node?.range?.[0] ?? 0);
  };
}

/**
 * All syntax errors, one a line at most, and whatever else `parseYaml` reports: 100 problems at most.
 *
 * @param problems - what `parseYaml` said of the text
 */
export function explainYaml(text: string, profile: YamlProfile, problems: YamlProblems): YamlProblems {
  // Only a syntax error hides others: every other problem is found with its like, or forbids to read on.
  if (!problems.some((problem) => problem.code === yamlFindings.SYNTAX)) return problems;
  const source = withoutByteOrderMark(text);
  const more = safely(() => problemsOf(source, profile), []);
  const lines = new Set<string>();
  const [first = problems[0], ...rest] = [...problems, ...more]
    .filter((problem) => lines.size < lines.add(`${problem.code.code}:${problem.line}`).size)
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, 100);
  return [first, ...rest];
}

// `uniqueKeys` compares each key with each other one, which takes minutes on a hostile mapping.
function parseDocuments(source: string, profile: YamlProfile): readonly Document.Parsed[] {
  const version = profile === 'manifest' ? '1.2' : '1.1';
  const documents = parseAllDocuments(source, {
    version,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return 'empty' in documents ? [] : documents;
}

function problemsOf(source: string, profile: YamlProfile): YamlProblem[] {
  const positionAt = positionsOf(source);
  return parseDocuments(source, profile).flatMap((document) => {
    const errors = document.errors
      .filter((error) => error.code !== 'TAG_RESOLVE_FAILED')
      .slice(0, 100)
      .map((error) => ({
        code: yamlFindings.SYNTAX,
        ...positionAt(error.pos[0]),
        message: error.message.replace(/\s*\n[\s\S]*$/, ''),
      }));
    return profile === 'manifest' ? [...errors, ...duplicateKeys(document, positionAt)] : errors;
  });
}

function duplicateKeys(document: Document.Parsed, positionAt: (offset: number) => Position): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Map: (_, map) => {
      const given = new Map<string, number>();
      for (const { key } of map.items) {
        const name = nameOf(key, 'manifest');
        if (!isNode(key) || name === undefined || problems.length >= 100) continue;
        const offset = key.range?.[0] ?? 0;
        const first = given.get(name);
        if (first === undefined) given.set(name, offset);
        else {
          const message = `the key ${JSON.stringify(name)} is given again, first in line ${positionAt(first).line}`;
          problems.push({ code: yamlFindings.DUPLICATE_KEY, ...positionAt(offset), message });
        }
      }
    },
  });
  return problems;
}

interface Place {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** The keys of one mapping: where each stands among its items, the last of equal ones, and its merges. */
interface Keys {
  readonly own: ReadonlyMap<string, number>;
  readonly merges: readonly number[];
}

/** One document with what paths are followed by. */
class Tree {
  readonly #root: Node | undefined;
  readonly #profile: YamlProfile;
  /** Anchored nodes in the order of the text: an alias means the last one above it. */
  readonly #anchors = new Map<string, Node[]>();
  readonly #keys = new WeakMap<YAMLMap, Keys>();

  constructor(document: Document.Parsed, profile: YamlProfile) {
    this.#root = nodeOf(document.contents);
    this.#profile = profile;
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node) || node.anchor === undefined) return;
        const same = this.#anchors.get(node.anchor);
        if (same) same.push(node);
        else this.#anchors.set(node.anchor, [node]);
      },
    });
  }

  /** The place of a path, or of its nearest ancestor. */
  find(path: DataPath): Place {
    let place: Place = { key: undefined, value: this.#root };
    for (const part of path) {
      const next = this.#step(this.#follow(place.value), part, 0);
      if (next === undefined) return place;
      place = next;
    }
    return place;
  }

  #step(node: Node | undefined, part: string | number, depth: number): Place | undefined {
    if (isSeq(node)) {
      const item = nodeOf(typeof part === 'number' ? node.items[part] : undefined);
      return item && { key: undefined, value: item };
    }
    if (!isMap(node) || depth > 100) return undefined;
    const { own, merges } = this.#keysOf(node);
    const index = own.get(String(part));
    // A merge overrides the keys above it and is overridden by those below it, as in `parseYaml`.
    for (const merge of merges) {
      if (index !== undefined && merge < index) break;
      const found = this.#stepMerged(nodeOf(node.items[merge]?.value), part, depth + 1);
      if (found) return found;
    }
    const pair = index === undefined ? undefined : node.items[index];
    return pair && { key: nodeOf(pair.key), value: nodeOf(pair.value) };
  }

  #stepMerged(value: Node | undefined, part: string | number, depth: number): Place | undefined {
    const source = this.#follow(value);
    for (const merged of isSeq(source) ? source.items : [source]) {
      const found = this.#step(this.#follow(nodeOf(merged)), part, depth);
      if (found) return found;
    }
    return undefined;
  }

  #keysOf(map: YAMLMap): Keys {
    const known = this.#keys.get(map);
    if (known) return known;
    const own = new Map<string, number>();
    const merges: number[] = [];
    for (const [index, { key }] of map.items.entries()) {
      const name = nameOf(this.#follow(nodeOf(key)), this.#profile);
      if (this.#profile === 'gitlab' && isScalar(key) && key.source === '<<') merges.unshift(index);
      else if (name !== undefined) own.set(name, index);
    }
    const keys = { own, merges };
    this.#keys.set(map, keys);
    return keys;
  }

  #follow(node: Node | undefined): Node | undefined {
    if (!isAlias(node)) return node;
    const before = node.range?.[0] ?? 0;
    return this.#anchors.get(node.source)?.findLast((anchored) => (anchored.range?.[0] ?? 0) < before);
  }
}

function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

function nameOf(key: unknown, profile: YamlProfile): string | undefined {
  if (!isScalar(key)) return undefined;
  return keyText(profile, key.source ?? '', key.type === 'PLAIN' && key.tag === undefined);
}

// The parser of positions is recursive and not ours; a text that breaks it must not break the report.
function safely<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
