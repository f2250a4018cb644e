import { defineFixer } from '../fixer.ts';
import { textOf } from '../place.ts';
import { certainWord } from '../similar.ts';

/** Rules about names that are given elsewhere in the document, whose suggestion is one of these. */
const codes = new Set([
  'RULE_FALLBACK_EXPERT_EXISTS',
  'RULE_FLOW_STATES_EXIST',
  'RULE_GOTO_TARGET_EXISTS',
  'RULE_STEP_DEPENDENCY_EXISTS',
  'RULE_COMPENSATION_EXISTS',
  'RULE_TAXONOMY_UNKNOWN',
]);

export const fixer = defineFixer({
  id: 'reference-name',
  about:
    'A name that is given nowhere (of an expert, a state, a step) becomes the given one that was certainly meant: the same but for ' +
    'case, dashes and underscores, or with one wrong letter.',
  plan: (issue, document) => {
    const given = textOf(document, issue.path);
    if (!codes.has(issue.code.code) || given === undefined || issue.suggestion === undefined)
      return undefined;
    const meant = certainWord(given, [issue.suggestion]);
    if (meant === undefined) return undefined;
    return { edits: [{ do: 'set', path: issue.path, value: meant }], says: `${given} → ${meant}` };
  },
});
