import { agentClis } from '../../../components/lint-ci/names/agents.ts';
import { rules } from '../../../components/lint-ci/rules.gen.ts';
import { betweenMarkers, type Output, table } from './outputs.ts';

/** The rules of `lint-ci` with their examples, and the programs it knows as agents. */
export async function generateLintRules(): Promise<Output> {
  const overview = table(
    ['rule', 'severity'],
    rules.map(({ id, severity }) => [`[${id}](#${id})`, severity]),
  );
  const clis = agentClis.map(({ name, program, subcommands, tools }) => [
    name,
    `\`${[program, ...(subcommands === undefined ? [] : [subcommands.join('|')])].join(' ')}\``.replaceAll(
      '|',
      ' or ',
    ),
    tools ? 'acts by itself' : 'answers only',
  ]);
  const sections = rules.flatMap(({ id, code, severity, about, bad, good }) => [
    ...[
      `### ${id}`,
      '',
      `\`${code}\` · ${severity}`,
      '',
      about,
      '',
      'Reported:',
      '',
      '```yaml',
      bad.trim(),
      '```',
      '',
    ],
    ...['Not reported:', '', '```yaml', good.trim(), '```', ''],
  ]);
  const text = [
    ...overview,
    '',
    '## Agents it knows',
    '',
    ...table(['agent', 'program', ''], clis),
    '',
    '## Each rule',
    '',
    ...sections,
  ];
  return betweenMarkers('docs/lint-ci.md', 'rules', text.join('\n'));
}
