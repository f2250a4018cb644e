import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Folders whose files are part of the program, with those of them that are. */
const embedded = [
  { folder: 'components/policy/default', pattern: '*.policy.yaml' },
  { folder: 'components/policy/starters', pattern: '*.yaml' },
];

/**
 * Embeds policies as `#policies/default`, those that hold everywhere, and `#policies/starters`, which `pipewright policy init`
 * writes: a job reads them with the bundle, and nobody can put another file in their place.
 */
export async function buildPolicies(): Promise<void> {
  for (const { folder, pattern } of embedded) await embed(folder, pattern);
}

async function embed(folder: string, pattern: string): Promise<void> {
  const names: string[] = [];
  for await (const name of glob(pattern, { cwd: folder })) names.push(name);
  const files = await Promise.all(
    names.sort().map(async (name) => ({
      path: `${basename(folder)}/${name}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
  const out = `build/policies/${basename(folder)}`;
  await mkdir(dirname(out), { recursive: true });
  await writeFile(`${out}.js`, `export const files = ${JSON.stringify(files, undefined, 2)};\n`);
  const type = 'readonly { readonly path: string; readonly text: string }[]';
  await writeFile(`${out}.d.ts`, `export declare const files: ${type};\n`);
}
