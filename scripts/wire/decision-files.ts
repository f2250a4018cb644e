import { resolve } from 'node:path';
import type { Envelope } from '../../components/attest/types.ts';
import type { DecisionReport } from '../../components/decide/report.gen.ts';
import type { Context } from '../../components/kernel/context.ts';
import { assertNoLinks, writeFileAtomic } from '../../components/kernel/files.ts';

/** Writes a decision that is redacted already, and its signed form where there is one; each whole or not at all. */
export async function writeDecision(
  context: Context,
  folder: string,
  report: DecisionReport,
  envelope?: Envelope,
): Promise<void> {
  await assertNoLinks(context, folder);
  const write = (name: string, value: object) =>
    writeFileAtomic(context, resolve(context.cwd, folder, name), `${JSON.stringify(value, null, 2)}\n`);
  await write('decision.json', report);
  if (envelope !== undefined) await write('decision.dsse.json', envelope);
}
