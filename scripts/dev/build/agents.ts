import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const source = 'agents';
const folder = 'build/agents';

/** Embeds the agents that are ready to use as `#agents/ready`, without what only this project has of them: cases and pages. */
export async function buildAgents(): Promise<void> {
  const names: string[] = [];
  for await (const name of glob('*/{*.yaml,policies/*.yaml}', { cwd: source })) names.push(name);
  const files = await Promise.all(
    names.sort().map(async (path) => ({ path, text: await readFile(join(source, path), 'utf8') })),
  );
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/ready.js`, `export const files = ${JSON.stringify(files, undefined, 2)};\n`);
  const type = 'readonly { readonly path: string; readonly text: string }[]';
  await writeFile(`${folder}/ready.d.ts`, `export declare const files: ${type};\n`);
}
