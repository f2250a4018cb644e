import type { Include, Node } from '../types.ts';
import { fieldOf, listOf, textOf } from './node.ts';

const kinds = ['local', 'project', 'remote', 'template', 'component'] as const;

/** The includes of one file, as they are written; a text alone is a local file, or a remote one when it is a URL. */
export function includesOf(body: Node | undefined): readonly Include[] {
  return listOf(fieldOf(body, 'include')).flatMap((node): Include[] => {
    const text = textOf(node);
    if (text !== undefined)
      return [{ kind: /^https?:\/\//i.test(text) ? 'remote' : 'local', target: text, node, named: node }];
    for (const kind of kinds) {
      const named = fieldOf(node, kind);
      // `local` may be a list; each of its files is one include.
      const targets = listOf(named).flatMap((one) => (textOf(one) === undefined ? [] : [one]));
      if (targets.length > 0)
        return targets.map((one) => ({ kind, target: textOf(one) ?? '', node, named: one }));
    }
    return [];
  });
}
