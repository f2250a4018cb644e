import { join } from 'node:path';
import { formats } from '../../components/formats/registry.gen.ts';
import type { FormatInput } from '../../components/formats/types.ts';
import type { CiContext } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { writeFileAtomic } from '../../components/kernel/files.ts';
import { redactData } from '../../components/kernel/redact.ts';

/** Where the files of one job lie: `<out>/<command>/<instance>`, the instance being job prefix and node index. */
export function outputFolder(
  out: string,
  command: string,
  jobPrefix: string,
  nodeIndex: number | undefined,
): string {
  const instance = nodeIndex === undefined ? jobPrefix : `${jobPrefix}-${nodeIndex}`;
  return `${out}/${command}/${instance}`;
}

/** Writes the command's own report and every format of it, each whole or not at all, without secrets. */
export async function writeReports(
  context: Context,
  ci: CiContext,
  folder: string,
  report: object,
  input: Omit<FormatInput, 'links'>,
): Promise<void> {
  const url = ci.jobUrl === undefined ? undefined : `${ci.jobUrl}/artifacts/file/${folder}/report.json`;
  const links = url === undefined ? [] : [{ label: 'Report', url }];
  const write = (name: string, text: string) =>
    writeFileAtomic(context, join(context.cwd, folder, name), text);
  const clean = redactData(context.redact, { report, input: { ...input, links } });
  await write('report.json', `${JSON.stringify(clean.report, null, 2)}\n`);
  for (const format of formats) await write(format.fileName, format.render(clean.input));
}
