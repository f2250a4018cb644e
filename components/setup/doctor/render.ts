import type { CheckLine } from '../types.ts';
import { renderLines, renderSummary } from '../words.ts';
import type { Diagnosis } from './doctor.ts';
import { enforceable, tierNames } from './tiers.ts';

/** A line a check below the heads of topics, what each licence can enforce, and how many of each there are. */
export function renderDiagnosis({ tier, sections }: Diagnosis): string {
  const blocks = sections.map(({ title, lines }) => [
    title,
    ...renderLines(lines).map((line) => `  ${line}`),
  ]);
  const all = linesOf({ sections });
  return [
    ...blocks.flatMap((block) => [...block, '']),
    ...renderTiers(tier),
    '',
    renderSummary(all),
    '',
  ].join('\n');
}

/** For machines: every line with its topic, and the counts are theirs to make. */
export function diagnosisData({ tier, sections }: Diagnosis): object {
  return { format: 'pipewright/doctor/v1', tier: tier ?? null, sections };
}

export function linesOf({ sections }: Pick<Diagnosis, 'sections'>): readonly CheckLine[] {
  return sections.flatMap(({ lines }) => lines);
}

function renderTiers(tier: Diagnosis['tier']): readonly string[] {
  const rows = enforceable.flatMap((row) => [
    `  ${tierNames[row.tier].padEnd(9)}${row.tier === tier ? ' (here)' : '       '} against mistakes: ${row.mistakes}`,
    `                   against the author: ${row.author}`,
  ]);
  const told = tier === undefined ? 'which one it is here is not known' : `here: ${tierNames[tier]}`;
  return [`What each licence can enforce, each with all of the one before it (${told})`, ...rows];
}
