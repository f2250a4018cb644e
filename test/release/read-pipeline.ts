import { readFileSync } from 'node:fs';
import { isSeq, parse } from 'yaml';

export interface Job {
  readonly extends?: string;
  readonly stage?: string;
  readonly image?: string;
  readonly needs?: readonly string[];
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
  readonly rules?: readonly {
    readonly if?: string;
    readonly when?: string;
    readonly allow_failure?: boolean;
  }[];
}

export interface Include {
  readonly component: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export type Pipeline = Readonly<Record<string, unknown>> & {
  readonly include: Include[];
  readonly stages: string[];
};

/** Reads a `.gitlab-ci.yml` with `!reference` put in; what it includes is not fetched. */
export function readPipeline(file: string): Pipeline {
  return resolveReferences(parseWithReferences(readFileSync(file, 'utf8')));
}

class Reference {
  readonly path: readonly string[];
  constructor(path: readonly string[]) {
    this.path = path;
  }
}

function parseWithReferences(text: string): unknown {
  const resolve = (node: unknown) => new Reference(isSeq(node) ? node.toJSON().map(String) : []);
  const reference = { tag: '!reference', collection: 'seq' as const, resolve, identify: () => false };
  return parse(text, { version: '1.1', merge: true, customTags: (tags) => [...tags, reference] });
}

// As GitLab does: by keys only, an index into a list is not found.
function resolveReferences(document: unknown): Pipeline {
  const visit = (value: unknown): unknown => {
    if (value instanceof Reference) {
      const target = value.path.reduce<unknown>(
        (at, key) => (Array.isArray(at) ? undefined : Object(at)[key]),
        document,
      );
      if (target === undefined) throw new Error(`!reference [${value.path.join(', ')}] names nothing`);
      return visit(target);
    }
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child)]));
  };
  return visit(document) as Pipeline;
}
