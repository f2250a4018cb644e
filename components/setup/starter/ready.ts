import { shown } from '../../kernel/schema-terms.ts';
import { listed, nearest } from '../../kernel/suggest.ts';
import { assertNone } from '../inputs.ts';
import type { SetupFile } from '../types.ts';
import { errors } from './errors.ts';

/** What is asked for of an agent that is ready: all else it says itself. */
export interface AskedReady {
  readonly from: string;
  /** Undefined takes its own. */
  readonly name: string | undefined;
  /** Flags that would say what its manifest says. */
  readonly besides: readonly string[];
}

/**
 * Files of an agent that is ready to use: its manifest and what belongs to it in a folder of its own, its policies where a project
 * has them. It is copied as it is, since its policies know it by its name.
 *
 * @param files - of all that there are, each below a folder of the agent's name
 * @throws STARTER_FROM_UNKNOWN, STARTER_FROM_CHANGED
 */
export function planReady(
  { from, name, besides }: AskedReady,
  files: readonly SetupFile[],
): readonly SetupFile[] {
  const known = [...new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''))];
  const near = nearest(from, known);
  const changes = [...(name === undefined || name === from ? [] : [`the name ${shown(name)}`]), ...besides];
  assertNone([
    ...(known.includes(from)
      ? []
      : [
          errors.FROM_UNKNOWN({
            ...{ got: shown(from), known: listed(known) },
            near: near === undefined ? '' : `; did you mean ${near}?`,
          }),
        ]),
    ...(changes.length === 0 ? [] : [errors.FROM_CHANGED({ changes: listed(changes) })]),
  ]);
  const policies = `${from}/policies/`;
  return files
    .filter(({ path }) => path.startsWith(`${from}/`))
    .map(({ path, text }) => ({
      path: path.startsWith(policies) ? `policies/${path.slice(policies.length)}` : `agents/${path}`,
      text,
    }));
}
