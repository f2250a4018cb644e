import { Reference } from '../../kernel/yaml.ts';
import type { Node } from '../types.ts';
import { fieldOf, listOf, merge, textOf, type Work } from './node.ts';

/** Keywords at the top of a configuration that are no jobs; `pages` is one. */
const reserved: ReadonlySet<string> = new Set([
  ...['after_script', 'before_script', 'cache', 'default', 'image', 'include', 'services', 'spec', 'stages'],
  ...['types', 'variables', 'workflow'],
]);
/** What `default` may give a job; each as a whole. */
const inheritable = [
  ...['after_script', 'artifacts', 'before_script', 'cache', 'hooks', 'id_tokens', 'identity', 'image'],
  ...['interruptible', 'retry', 'services', 'tags', 'timeout'],
];
/** GitLab's own limits: `extends` 11 levels, `!reference` 10. */
const deepest = 11;

export interface ResolvedJob {
  readonly name: string;
  readonly node: Node;
  readonly own: Node;
}

/** All jobs that are not hidden, as GitLab makes them: references first, then `extends`, then `default`. @throws TooMuch */
export function resolveJobs(root: Node, work: Work): readonly ResolvedJob[] {
  const resolver = new Resolver(root, work);
  return [...(root.fields ?? [])].flatMap(([name, own]) => {
    if (reserved.has(name) || name.startsWith('.') || own.fields === undefined) return [];
    return [{ name, own, node: withDefaults(root, resolver.extended(name, own, 0)) }];
  });
}

/** A part of the configuration that is no job, without references. @throws TooMuch */
export function resolvePart(root: Node, part: Node, work: Work): Node {
  return new Resolver(root, work).dereferenced(part, 0);
}

class Resolver {
  readonly #root: Node;
  readonly #work: Work;
  readonly #extended = new Map<string, Node>();
  #isCut = false;

  constructor(root: Node, work: Work) {
    this.#root = root;
    this.#work = work;
  }

  extended(name: string, own: Node, depth: number): Node {
    const known = this.#extended.get(name);
    if (known !== undefined) return known;
    if (depth === 0) this.#isCut = false;
    const bare = this.dereferenced(own, 0);
    let base: Node | undefined;
    for (const parent of listOf(fieldOf(bare, 'extends'))) {
      const from = textOf(parent);
      const above = from === undefined ? undefined : fieldOf(this.#root, from);
      if (from === undefined || above?.fields === undefined) continue;
      if (depth >= deepest) this.#isCut = true;
      else base = merge(base, this.extended(from, above, depth + 1), this.#work);
    }
    const whole = merge(base, bare, this.#work);
    // What a circle was cut out of is not what the same name gives from the top.
    if (!this.#isCut) this.#extended.set(name, whole);
    return whole;
  }

  dereferenced(node: Node, depth: number): Node {
    this.#work.spend(1);
    if (node.value instanceof Reference) {
      const meant = depth >= deepest ? undefined : this.#target(node.value);
      return meant === undefined ? node : this.dereferenced(meant, depth + 1);
    }
    if (node.items !== undefined)
      return { ...node, items: node.items.map((item) => this.dereferenced(item, depth)) };
    if (node.fields === undefined) return node;
    const fields = new Map<string, Node>();
    for (const [name, field] of node.fields) fields.set(name, this.dereferenced(field, depth));
    return { ...node, fields };
  }

  #target({ path }: Reference): Node | undefined {
    return path.every((part) => typeof part === 'string') && path.length > 0
      ? fieldOf(this.#root, ...path)
      : undefined;
  }
}

function withDefaults(root: Node, job: Node): Node {
  const fields = new Map(job.fields);
  for (const name of inheritable) {
    if (fields.has(name) || !inherits(job, 'default', name)) continue;
    // At the top of the configuration they are an older form of `default`.
    const given = fieldOf(root, 'default', name) ?? fieldOf(root, name);
    if (given !== undefined) fields.set(name, given);
  }
  return { ...job, fields };
}

/** Variables of the pipeline that a job has. */
export function inheritedVariables(root: Node, job: Node): ReadonlyMap<string, Node> {
  const given = fieldOf(root, 'variables')?.fields ?? new Map<string, Node>();
  return new Map([...given].filter(([name]) => inherits(job, 'variables', name)));
}

function inherits(job: Node, what: 'default' | 'variables', name: string): boolean {
  const chosen = fieldOf(job, 'inherit', what);
  if (chosen === undefined || chosen.value === true) return true;
  return listOf(chosen).some((one) => one.value === name);
}
