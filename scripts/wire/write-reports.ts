import { resolve } from 'node:path';
import { formats } from '../../components/formats/registry.gen.ts';
import type { FormatInput } from '../../components/formats/types.ts';
import type { CiContext } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';
import { assertNoLinks, writeFileAtomic } from '../../components/kernel/files.ts';

/** Writes the command's own report and every format of it, each whole or not at all. */
export async function writeReports(
  context: Context,
  ci: CiContext,
  folder: string,
  report: object,
  { started, ...input }: Omit<FormatInput, 'links' | 'times'> & { readonly started: number },
): Promise<void> {
  await assertNoLinks(context, folder);
  const url = ci.jobUrl === undefined ? undefined : `${ci.jobUrl}/artifacts/file/${folder}/report.json`;
  const links = url === undefined ? [] : [{ label: 'Report', url }];
  const write = (name: string, text: string) =>
    writeFileAtomic(context, resolve(context.cwd, folder, name), text);
  await write('report.json', `${JSON.stringify(report, null, 2)}\n`);
  const times = { started, ended: context.clock.now() };
  for (const format of formats) await write(format.fileName, format.render({ ...input, links, times }));
}
