import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve('../shared/data/ossa/manifests');

export interface RealManifest {
  readonly file: string;
  readonly text: string;
}

/** The real manifests beside the repository; none where they are absent. */
export function realManifests(): readonly RealManifest[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

/** That many manifests, no two alike: the real ones in turn, each with a name and a comment of its own. */
export function* variedManifests(count: number): Generator<RealManifest> {
  const real = realManifests();
  for (let index = 0; index < count; index += 1) {
    const { file, text } = real[index % real.length] ?? { file: '', text: '' };
    const varied = text.replace(/^( {2}name: )(\S+)$/m, `$1agent-${index}`);
    yield { file: `${index}-${file}`, text: `# ${index}\n${varied}` };
  }
}

/** A sequence of numbers from 0 to 1 that is the same every time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
