// `npm run new -- <kind> <id>`: the files of a new thing, ready to be filled in, then `npm run gen`.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { blueprints } from './new/blueprints.ts';

const [kind = '', id = ''] = process.argv.slice(2);
const blueprint = blueprints[kind];
if (blueprint === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
  console.error(`usage: npm run new -- <${Object.keys(blueprints).join(' | ')}> <id-in-small-letters>`);
  process.exit(2);
}

const files = blueprint(id);
const taken = Object.keys(files).filter((path) => existsSync(path));
if (taken.length > 0) {
  console.error(`exists already: ${taken.join(', ')}`);
  process.exit(2);
}
for (const [path, content] of Object.entries(files)) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { flag: 'wx' });
  console.log(`written: ${path}`);
}
process.exitCode = spawnSync('node', ['scripts/dev/gen.ts'], { stdio: 'inherit' }).status ?? 1;
