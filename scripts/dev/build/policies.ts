import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const folder = 'components/policy/default';
const out = 'build/policies/default';

/**
 * Embeds the policies that are part of the program as `#policies/default`: a job reads them with the bundle, and nobody
 * can put another file in their place.
 */
export async function buildPolicies(): Promise<void> {
  const names: string[] = [];
  for await (const name of glob('*.policy.yaml', { cwd: folder })) names.push(name);
  const files = await Promise.all(
    names.sort().map(async (name) => ({
      path: `${basename(folder)}/${name}`,
      text: await readFile(join(folder, name), 'utf8'),
    })),
  );
  await mkdir(dirname(out), { recursive: true });
  await writeFile(`${out}.js`, `export const files = ${JSON.stringify(files, undefined, 2)};\n`);
  const type = 'readonly { readonly path: string; readonly text: string }[]';
  await writeFile(`${out}.d.ts`, `export declare const files: ${type};\n`);
}
