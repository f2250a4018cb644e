import { defineKind } from '../kind.ts';
import { mostReplacementLines, textLimits } from '../limits.ts';
import { isSteering } from '../steering-paths.ts';
import { checkCode } from '../text/check-code.ts';
import { lineParameters, planLine, readLine, refuseLine } from '../threads.ts';

export const kind = defineKind({
  id: 'suggestion',
  called: 'a suggestion on a line',
  guarantee: 'as a thread; the code is shown as it is, and only a person takes it over',
  tool: ({ suggestion }) =>
    suggestion === undefined
      ? undefined
      : {
          name: 'propose_suggestion',
          description: `Proposes code in the place of one line that the merge request adds or changes, with a text that says why, ${suggestion.max} at most. A person looks at it and may take it over. Files that steer CI or agents, and lock files, take none.`,
          parameters: lineParameters(suggestion, {
            replacement: {
              ...{ type: 'string', maxLength: textLimits.replacement },
              description: `The lines that replace it, ${mostReplacementLines} at most; empty removes it.`,
            },
          }),
        },
  read: ({ suggestion }, input) => {
    const { reader, ...read } = readLine(suggestion, input, ['replacement']);
    const replacement = reader.anyText('replacement', textLimits.replacement);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'suggestion', ...read, replacement };
  },
  refuse: ({ suggestion }, proposal, before) => {
    const checked = checkCode(proposal.replacement, mostReplacementLines);
    if (!checked.ok) return checked.why;
    if (isSteering(proposal.file))
      return 'its file steers CI or agents, or locks packages, and takes no suggestions';
    return refuseLine(suggestion, proposal, before);
  },
  plan: ({ suggestion }, proposal, before, lines) => {
    const checked = checkCode(proposal.replacement, mostReplacementLines);
    if (!checked.ok) return { ok: false, reason: checked.why };
    return planLine(suggestion, proposal, before, lines, checked.code);
  },
});
