import { renderFinding } from '../../components/formats/text.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { CheckedFile } from '../../components/kernel/finding.ts';

/** Prints the findings a run is judged by; those of other files go to the log, folded away in a job. */
export async function printFindings(
  context: Context,
  judged: readonly CheckedFile[],
  all: readonly CheckedFile[],
): Promise<void> {
  for (const finding of judged.flatMap(({ findings }) => findings)) {
    context.print(`${renderFinding(finding)}\n`);
  }
  const others = all.filter((file) => !judged.includes(file)).flatMap(({ findings }) => findings);
  if (others.length === 0) return;
  const title = `${others.length} findings in files this merge request leaves alone`;
  await context.log.section('findings_elsewhere', title, async () => {
    for (const finding of others) context.log.info(renderFinding(finding).trimEnd());
  });
}
