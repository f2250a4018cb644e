import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { preambleBytes } from '../../../components/stores/log/preamble.ts';
import type { Head } from '../../../components/stores/types.ts';
import { type Figure, figure } from '../figure.ts';
import { seeded } from '../validate/manifests.ts';
import { makePlace, newKey, newSession, type Place } from './place.ts';

const epochs = 4;
const records = 6;

interface Victim {
  readonly folder: string;
  readonly head: Head;
}

/** Changes a whole session in one way; false where this changes nothing. */
type Mutation = (victim: Victim, other: Victim, random: (below: number) => number) => boolean;

const mutations: Readonly<Record<string, Mutation>> = {
  flip: ({ folder }, _, random) => {
    const path = pathOf(folder, 1 + random(epochs));
    const bytes = readFileSync(path);
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + random(255));
    writeFileSync(path, bytes);
    return true;
  },
  truncate: ({ folder }, _, random) => {
    const path = pathOf(folder, 1 + random(epochs));
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, random(bytes.length)));
    return true;
  },
  reorder: ({ folder }, _, random) =>
    changeParts(folder, random, (parts) => {
      const [a, b] = [1 + random(parts.length - 1), 1 + random(parts.length - 1)];
      const [first, second] = [parts[a], parts[b]];
      if (first === undefined || second === undefined || a === b) return undefined;
      return parts.with(a, second).with(b, first);
    }),
  splice: ({ folder }, other, random) =>
    changeParts(folder, random, (parts) => {
      const from = partsOf(pathOf(random(2) === 0 ? other.folder : folder, 1 + random(epochs)));
      const part = from[1 + random(from.length - 1)];
      return part && parts.toSpliced(1 + random(parts.length), random(2), part);
    }),
  drop: ({ folder }, _, random) =>
    changeParts(folder, random, (parts) => parts.toSpliced(1 + random(parts.length - 1), 1)),
  'drop a segment': ({ folder }, _, random) => {
    rmSync(pathOf(folder, 1 + random(epochs)));
    return true;
  },
  replay: ({ folder }, _, random) => {
    const [from, to] = [1 + random(epochs), 1 + random(epochs)];
    copyFileSync(pathOf(folder, from), pathOf(folder, to));
    return from !== to;
  },
  swap: ({ folder }, other, random) => {
    const epoch = 1 + random(epochs);
    copyFileSync(pathOf(other.folder, epoch), pathOf(folder, epoch));
    return true;
  },
};

/** Attacks on a session by whoever can write to its store; it is opened with the head that its last job printed. */
export async function measureMutations(wanted: number): Promise<readonly Figure[]> {
  const place = makePlace(2);
  try {
    const keys = newKey();
    const store = createSessionStore(
      place.context,
      createDirectoryStore(place.context, join(place.cwd, 'sessions')),
      keys,
    );
    const victim = await makeVictim(place, store, 'kept');
    const other = await makeVictim(place, store, 'other');
    const random = seeded(7);
    const below = (most: number) => Math.floor(random() * most);
    let [made, found, harmless, unseen] = [0, 0, 0, 0];
    const whole = JSON.stringify((await store.read(victim.session)).records);
    const names = Object.keys(mutations);
    while (made < wanted) {
      restore(victim);
      const mutate = mutations[names[made % names.length] ?? ''];
      if (mutate?.(victim, other, below) !== true) continue;
      made += 1;
      const session = victim.session;
      const read = (known?: Head) => store.read(session, known).catch(() => undefined);
      const aware = await read(victim.head);
      if (aware === undefined) found += 1;
      // Bytes beyond those that count are nobody's, whatever they are.
      else if (JSON.stringify(aware.records) === whole) harmless += 1;
      if (aware === undefined && (await read()) !== undefined) unseen += 1;
    }
    const shown = `${names.join(', ')}; a session of ${epochs} epochs, encrypted`;
    return [
      figure({
        ...{
          id: 'mutations-found',
          value: found / (made - harmless),
          unit: `of ${made - harmless}`,
          better: 'higher',
          goal: 1,
        },
        against: `${shown}; ${harmless} more changed nothing that counts; without the head ${unseen} were not found: the newest records or segments taken away whole`,
      }),
    ];
  } finally {
    place.close();
  }
}

async function makeVictim(place: Place, store: ReturnType<typeof createSessionStore>, name: string) {
  const { session } = newSession(place);
  let head: Head | undefined;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const log = await store.open(session, epoch === 1 ? 'begin' : 'resume');
    for (let index = 0; index < records; index += 1)
      await log.append('step', { epoch, index, text: 'x'.repeat(60 * index) });
    head = log.head();
    await log.close();
  }
  if (head === undefined) throw new Error('it has no head');
  const folder = join(place.cwd, 'sessions', session);
  const copy = join(place.cwd, name);
  mkdirSync(copy);
  for (const file of readdirSync(folder)) copyFileSync(join(folder, file), join(copy, file));
  return { session, folder, copy, head };
}

function restore({ folder, copy }: { readonly folder: string; readonly copy: string }): void {
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  for (const file of readdirSync(copy)) copyFileSync(join(copy, file), join(folder, file));
}

function pathOf(folder: string, epoch: number): string {
  return join(folder, `00000${epoch}.log`);
}

/** Preamble and frames. */
function partsOf(path: string): readonly Buffer[] {
  const bytes = readFileSync(path);
  const parts = [bytes.subarray(0, preambleBytes)];
  for (let at = preambleBytes; at + 8 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at) + 16;
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}

function changeParts(
  folder: string,
  random: (below: number) => number,
  change: (parts: readonly Buffer[]) => readonly Buffer[] | undefined,
): boolean {
  const path = pathOf(folder, 1 + random(epochs));
  const changed = change(partsOf(path));
  if (changed === undefined || Buffer.concat([...changed]).equals(readFileSync(path))) return false;
  writeFileSync(path, Buffer.concat([...changed]));
  return true;
}
