import type { Context } from '../../components/kernel/context.ts';
import { type ExitCode, exitCodes } from '../../components/kernel/failure.ts';
import { examine, renderExamined } from '../../components/sandbox/examine.ts';

/** Tells what this machine gives; below the rung of namespaces that is a finding. */
export async function examineHere(context: Context, json: boolean): Promise<ExitCode> {
  const examined = await examine(context);
  context.print(json ? `${JSON.stringify(examined, undefined, 2)}\n` : renderExamined(examined));
  return examined.rung === 'namespaces' ? exitCodes.ok : exitCodes.findings;
}
