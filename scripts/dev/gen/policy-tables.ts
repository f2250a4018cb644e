import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environments } from '../../../components/expressions/registry.ts';
import type { ExpressionEnvironment, Fact } from '../../../components/expressions/types.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import type { PolicyDocument } from '../../../components/policy/documents.gen.ts';
import { factsOf } from '../../../components/policy/testing/usual.ts';
import { betweenMarkers, type Output, table } from './outputs.ts';

const folder = 'components/policy/default';
const page = 'docs/policies.md';

/** The tables of the page about policies: our own policies, and the facts of each kind of expression. */
export async function generatePolicyTables(): Promise<Output> {
  const own = [
    '## Ours',
    '',
    'Part of the program, the level `default`: they hold everywhere, and no other level can loosen them.',
    '',
    ...table(['policy', 'effect', 'says'], await ownPolicies()),
  ];
  const facts = Object.values(environments).flatMap(({ id, facts }) => [
    '',
    `### In ${uses[id]}`,
    '',
    ...(id === 'policy'
      ? table(
          ['fact', 'type', 'supplied by', 'meaning', 'usual in tests'],
          facts.map((fact) => [...rowOf(fact), usual(fact)]),
        )
      : table(['fact', 'type', 'supplied by', 'meaning'], facts.map(rowOf))),
  ]);
  return betweenMarkers(page, 'tables', [...own, '', '## Facts', ...facts].join('\n'));
}

const uses: Readonly<Record<ExpressionEnvironment['id'], string>> = {
  policy: 'conditions of policies',
  signal: 'completion signals',
  condition: 'pre- and postconditions of tasks',
  alert: 'alerts',
};

function rowOf({ name, type, unit, suppliedBy, about }: Fact): string[] {
  return [`\`${name}\``, unit === undefined ? type : `${type}, ${unit}`, suppliedBy, about];
}

const usualRequest = factsOf();

/** What tests of policies need not write. */
function usual({ name }: Fact): string {
  const value = usualRequest[name];
  return value === undefined ? 'absent' : `\`${JSON.stringify(value)}\``;
}

async function ownPolicies(): Promise<string[][]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.policy.yaml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const parsed = parseYaml(await readFile(join(folder, name), 'utf8'), 'manifest');
      if (!parsed.ok) throw new Error(`${name}: ${parsed.problems[0].message}`);
      const { metadata, spec } = parsed.documents[0] as PolicyDocument;
      return [`[\`default/${metadata.name}\`](../${folder}/${name})`, spec.effect, spec.message];
    }),
  );
}
