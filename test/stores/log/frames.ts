import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { preambleBytes } from '../../../components/stores/log/preamble.ts';
import type { Head } from '../../../components/stores/types.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { directoryStore, keyRing } from '../support.ts';

/** A session of so many epochs, with as many records in each. */
export async function written(epochs: number, records = 3, keys = keyRing()) {
  const folder = workspace();
  const session = randomUUID();
  const store = directoryStore(testContext(folder), 'sessions', { keys });
  const path = (epoch: number) => join(folder, 'sessions', session, `00000${epoch}.log`);
  let head: Head | undefined;
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const log = await store.open(session, epoch === 1 ? 'begin' : 'resume');
    for (let index = 0; index < records; index += 1)
      await log.append('step', { epoch, index, text: `ä\u{1f600} ${'as it was '.repeat(20)}` });
    head = log.head();
    await log.close();
  }
  return { folder, session, store, path, keys, head };
}

/** Where the preamble and each whole frame end. */
export function endsOf(bytes: Buffer): number[] {
  const ends = [preambleBytes];
  for (let at = preambleBytes; at + 24 <= bytes.length; ) {
    at += 8 + bytes.readUInt32BE(at) + 16;
    if (at <= bytes.length) ends.push(at);
  }
  return ends;
}

/** The preamble and the frames of a segment. */
export function partsOf(path: string): Buffer[] {
  const bytes = readFileSync(path);
  let start = 0;
  return endsOf(bytes).map((end) => {
    const part = bytes.subarray(start, end);
    start = end;
    return part;
  });
}

export function writeParts(path: string, parts: readonly Uint8Array[]): void {
  writeFileSync(path, Buffer.concat(parts));
}
