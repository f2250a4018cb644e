import type { Context } from '../../components/kernel/context.ts';
import type { CheckedFile, Finding } from '../../components/kernel/finding.ts';

/** GitLab cuts a job's log at 4 MB; what is beyond these is in the reports. */
const mostPrinted = 200;

/** Prints the findings a run is judged by; those of other files and old ones go to the log, folded away in a job. */
export async function printFindings(
  context: Context,
  judged: readonly CheckedFile[],
  all: readonly CheckedFile[],
  known: ReadonlySet<Finding> = new Set(),
): Promise<void> {
  const counted = new Set(judged);
  const ofJudged = judged.flatMap(({ findings }) => findings);
  await printSome(
    ofJudged.filter((finding) => !known.has(finding)),
    (text) => context.print(`${text}\n`),
  );
  const old = ofJudged.filter((finding) => known.has(finding));
  await logSome(context, 'findings_old', `old findings, in the baseline: ${old.length}`, old);
  const others = all.filter((file) => !counted.has(file)).flatMap(({ findings }) => findings);
  const title = `${others.length} findings in files this merge request leaves alone`;
  await logSome(context, 'findings_elsewhere', title, others);
}

async function logSome(
  context: Context,
  id: string,
  title: string,
  findings: readonly Finding[],
): Promise<void> {
  if (findings.length === 0) return;
  await context.log.section(id, title, async () => {
    await printSome(findings, (text) => context.log.info(text.trimEnd()));
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
