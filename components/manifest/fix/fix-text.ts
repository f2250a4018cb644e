import { renderPath } from '../../kernel/place.ts';
import { editYaml } from '../../kernel/yaml-edit/apply.ts';
import { type Examined, examineText } from '../examine.ts';
import { isData } from '../read-data.ts';
import type { Neighbours, Rule } from '../rule.ts';
import type { Fixer, Mend } from './fixer.ts';
import { fixSyntax } from './syntax.ts';

/** One mistake that was mended. */
export interface Fixed {
  /** Which fixer did it; `syntax` for what is no fixer's. */
  readonly by: string;
  /** The finding's code. */
  readonly code: string;
  readonly path: string;
  readonly says: string;
}

export interface FixedText {
  readonly text: string;
  readonly fixed: readonly Fixed[];
  /** What there is to say about the new text. */
  readonly examined: Examined;
}

/** More than any file needs: every fix takes at least one mistake away. */
const mostFixes = 2_000;

/**
 * Mends what has one right answer in the text of a manifest. A change is kept only if there are fewer errors after it, or
 * as many errors and fewer warnings: a text without mistakes comes back as it is, and mending twice is mending once.
 *
 * @param isEnough - asked before each fix, which takes as long as a check: true ends the work
 */
export async function fixText(
  text: string,
  fixers: readonly Fixer[],
  rules: readonly Rule[],
  neighbours?: Neighbours,
  isEnough: () => boolean = () => false,
): Promise<FixedText> {
  const syntax = fixSyntax(text);
  const fixed: Fixed[] = [...syntax.fixed];
  let current = syntax.text;
  let examined = await examineText(current, rules, neighbours);
  for (let count = 0; count < mostFixes && !isEnough(); count += 1) {
    const next = await fixOne(current, examined, fixers, (edited) => examineText(edited, rules, neighbours));
    if (next === undefined) break;
    current = next.text;
    examined = next.examined;
    fixed.push(next.fixed);
  }
  return { text: current, fixed, examined };
}

interface Step {
  readonly text: string;
  readonly examined: Examined;
  readonly fixed: Fixed;
}

async function fixOne(
  text: string,
  examined: Examined,
  fixers: readonly Fixer[],
  examine: (text: string) => Promise<Examined>,
): Promise<Step | undefined> {
  if (!examined.readable) return undefined;
  for (const { document, issue } of examined.issues) {
    const data = examined.documents[document];
    if (!isData(data)) continue;
    for (const fixer of fixers) {
      const mend = fixer.plan(issue, data);
      const edited = mend && applyMend(text, document, mend);
      if (mend === undefined || edited === undefined) continue;
      const after = await examine(edited);
      if (!isBetter(examined, after)) continue;
      const fixed = { by: fixer.id, code: issue.code.code, path: renderPath(issue.path), says: mend.says };
      return { text: edited, examined: after, fixed };
    }
  }
  return undefined;
}

function applyMend(text: string, document: number, { edits }: Mend): string | undefined {
  let edited: string | undefined = text;
  for (const edit of edits) edited = edited === undefined ? undefined : editYaml(edited, document, edit);
  return edited;
}

function isBetter(before: Examined, after: Examined): boolean {
  if (!before.readable || !after.readable) return false;
  const [old, now] = [before, after].map(({ issues }) => ({
    errors: issues.filter(({ issue }) => issue.code.severity === 'error').length,
    all: issues.length,
  }));
  if (old === undefined || now === undefined) return false;
  return now.errors < old.errors || (now.errors === old.errors && now.all < old.all);
}
