import { basename, dirname, join, normalize } from 'node:path';

const folder = 'components/gitlab/endpoints';

/**
 * Ids of the endpoints that a file can call, of those given: named imports of files of endpoints, in any file it imports,
 * also lazily or through others; types don't count. Too many rather than too few: what a file of endpoints calls itself
 * counts for each that imports it.
 */
export async function endpointsReached(
  start: string,
  ids: readonly string[],
  read: (file: string) => Promise<string>,
): Promise<string[]> {
  const known = new Set(ids);
  const reached = new Set<string>();
  const seen = new Set([start]);
  for (const file of seen) {
    const text = await read(file);
    for (const { to, names } of importsIn(file, text)) {
      // A listing of all endpoints is data: nothing is called by it.
      if (to.endsWith('.ts') && !to.endsWith('.gen.ts')) seen.add(to);
      if (dirname(to) !== folder) continue;
      for (const name of names) reached.add(`${basename(to, '.ts')}.${name}`);
    }
    for (const id of ids.filter((one) => file === `${folder}/${one.split('.')[0]}.ts`)) {
      if (new RegExp(`\\b${id.split('.')[1]}\\(`).test(text)) reached.add(id);
    }
  }
  return [...reached].filter((id) => known.has(id)).sort();
}

interface Import {
  readonly to: string;
  /** Under their names in the other file. */
  readonly names: readonly string[];
}

function importsIn(file: string, text: string): Import[] {
  const at = (path: string) => normalize(join(dirname(file), path));
  const fixed = [
    ...text.matchAll(/^(?:import|export) (?!type )(?:(\{[^}]*\}|[^'"{]*?) from )?'(\.[^']+)'/gm),
  ].map(([, what = '', path = '']) => ({ to: at(path), names: namesIn(what) }));
  const lazy = [...text.matchAll(/(?:\(await )?\bimport\('(\.[^']+)'\)\)?(?:\.(\w+))?/g)].map(
    ([, path = '', name]) => ({ to: at(path), names: name === undefined ? [] : [name] }),
  );
  return [...fixed, ...lazy];
}

function namesIn(what: string): string[] {
  const names = /\{([^}]*)\}/.exec(what)?.[1]?.split(',') ?? [];
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(' as ')[0] ?? name);
}
