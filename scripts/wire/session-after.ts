import { join, resolve } from 'node:path';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { findLink, readTextFile } from '../../components/kernel/files.ts';
import { valueAt } from '../../components/kernel/place.ts';
import { errors } from '../../components/session/errors.ts';
import { outputFolder } from './output-folder.ts';
import { sessionInputs } from './session-inputs.ts';

/** Bytes of a result; its proposals are another file. */
const mostBytes = 4 * 1024 * 1024;

interface Named {
  readonly session: string;
  readonly head: string;
}

/**
 * Which session is gone on with: the one that is named, or the one an earlier job of this pipeline has told of.
 * @throws SESSION_AFTER, SESSION_AFTER_TOO
 */
export async function findSession(
  context: Context,
  { session, head, after, out }: Named & { readonly after: string; readonly out: string },
): Promise<Named> {
  if (after === '') return { session, head };
  if (session !== '') throw errors.AFTER_TOO({ session, after });
  const folder = outputFolder(out, 'run', { prefix: after, index: undefined });
  const file = join(folder, 'result.json');
  const link = await findLink(context, folder);
  if (link !== undefined) throw errors.AFTER({ after, reason: `${link} is a symbolic link` });
  const text = await readTextFile(context, resolve(context.cwd, file), {
    maxBytes: mostBytes,
    shown: file,
  }).catch((error: unknown) => {
    throw error instanceof Failure ? errors.AFTER({ after, reason: error.message }, error) : error;
  });
  return parseNamed(after, file, text);
}

/** Only what has the form of both inputs: it is printed and becomes the name of a folder. */
function parseNamed(after: string, file: string, text: string): Named {
  const result = parse(text);
  const read = (name: 'id' | 'head', pattern: RegExp): string => {
    const value = valueAt(result, ['session', name]);
    if (typeof value === 'string' && value !== '' && new RegExp(`^(?:${pattern.source})$`).test(value))
      return value;
    throw errors.AFTER({ after, reason: `${file} has no session.${name} of ours` });
  };
  return {
    session: read('id', sessionInputs.session.pattern),
    head: read('head', sessionInputs.head.pattern),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
