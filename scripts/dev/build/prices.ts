import { mkdir, readFile, writeFile } from 'node:fs/promises';

const source = 'components/models/prices.yaml';
const folder = 'build/prices';

/** Embeds the list prices that are part of the program as `#prices/list`, like the policies. */
export async function buildPrices(): Promise<void> {
  const file = { path: source, text: await readFile(source, 'utf8') };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/list.js`, `export const file = ${JSON.stringify(file, undefined, 2)};\n`);
  const type = '{ readonly path: string; readonly text: string }';
  await writeFile(`${folder}/list.d.ts`, `export declare const file: ${type};\n`);
}
