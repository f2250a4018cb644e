import { dirname, relative, resolve } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { readTextFile } from '../kernel/files.ts';
import { parseYaml } from '../kernel/yaml.ts';
import { defaultYamlLimits } from '../kernel/yaml-limits.ts';
import { isData } from './read-data.ts';
import type { Neighbours } from './rule.ts';

/** The files beside a manifest, none outside of the working directory; a file that cannot be read is not there. */
export function createNeighbours(context: Context, file: string): Neighbours {
  const folder = dirname(resolve(context.cwd, file));
  return {
    kindsIn: async (path) => {
      const place = resolve(folder, path);
      const inside = relative(context.cwd, place);
      if (path.includes('\0') || inside === '' || inside.split(/[/\\]/)[0] === '..') return undefined;
      const text = await readText(context, place);
      if (text === undefined) return undefined;
      const parsed = parseYaml(text, 'manifest');
      return parsed.ok ? parsed.documents.map(kindOf) : ['?'];
    },
  };
}

/** For a text that lies in no folder. */
export const noNeighbours: Neighbours = { kindsIn: async () => undefined };

function kindOf(document: unknown): string {
  return isData(document) && typeof document.kind === 'string' ? document.kind : '?';
}

async function readText(context: Context, place: string): Promise<string | undefined> {
  try {
    return await readTextFile(context, place, { maxBytes: defaultYamlLimits.manifest.bytes, shown: place });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
