import type { Context } from '../../components/kernel/context.ts';
import type { CheckedFile, Finding } from '../../components/kernel/finding.ts';

/** GitLab cuts a job's log at 4 MB; what is beyond these is in the reports. */
const mostPrinted = 200;

/** Prints the findings a run is judged by; those of other files go to the log, folded away in a job. */
export async function printFindings(
  context: Context,
  judged: readonly CheckedFile[],
  all: readonly CheckedFile[],
): Promise<void> {
  const counted = new Set(judged);
  await printSome(
    judged.flatMap(({ findings }) => findings),
    (text) => context.print(`${text}\n`),
  );
  const others = all.filter((file) => !counted.has(file)).flatMap(({ findings }) => findings);
  if (others.length === 0) return;
  const title = `${others.length} findings in files this merge request leaves alone`;
  await context.log.section('findings_elsewhere', title, async () => {
    await printSome(others, (text) => context.log.info(text.trimEnd()));
  });
}

async function printSome(findings: readonly Finding[], print: (text: string) => void): Promise<void> {
  if (findings.length === 0) return;
  // Templates and what renders them: most runs find nothing.
  const { renderFinding } = await import('../../components/formats/text.ts');
  for (const finding of findings.slice(0, mostPrinted)) print(renderFinding(finding));
  const more = findings.length - mostPrinted;
  if (more > 0) print(`…and ${more} more findings, in the reports\n`);
}
