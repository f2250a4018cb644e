import { defineRule } from '../rule.ts';
import { programOf } from '../shell/program.ts';

/** What splits no words, or prints them only. */
const harmless: ReadonlySet<string> = new Set([
  '[[',
  'case',
  'echo',
  'export',
  'declare',
  'local',
  'readonly',
  'typeset',
  'for',
]);

export const rule = defineRule({
  id: 'variable-unquoted',
  severity: 'warning',
  about:
    'A title, a message or another free text of strangers is given to a command without double quotes: the shell makes several words of it, ' +
    'and one that begins with `-` is an option of the command. Names of branches hold no spaces and are not meant.',
  bad: `notify:
  script:
    - ./notify.sh --text $CI_COMMIT_TITLE
`,
  good: `notify:
  script:
    - ./notify.sh --text "$CI_COMMIT_TITLE"
`,
  check: ({ jobs }) =>
    jobs.flatMap((job) =>
      job.moments.flatMap(({ script: { command, node }, taintOf }) => {
        const program = programOf(command);
        if (program === undefined || harmless.has(program.name)) return [];
        return program.args.flatMap(({ expansions }) =>
          expansions
            .filter(({ name, quoted }) => !quoted && taintOf(name)?.freeText === true)
            .map(({ name, offset, text }) => ({
              node,
              piece: { node, offset, text },
              message: `${job.name}: ${name} is given to ${program.name} without quotes`,
              expected: `"${text}"`,
              fix: 'Put it in double quotes; where the command takes options, write -- before it.',
            })),
        );
      }),
    ),
});
