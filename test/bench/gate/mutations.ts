import { readdirSync, readFileSync } from 'node:fs';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { readDefaultLevel } from '../../../components/policy/default.ts';
import type { PolicyDocument } from '../../../components/policy/documents.gen.ts';
import { parsePolicies } from '../../../components/policy/parse.ts';
import { parseTests } from '../../../components/policy/testing/parse.ts';
import { runTests } from '../../../components/policy/testing/run.ts';
import { type Figure, figure } from '../figure.ts';
import { mutantsOf } from './mutants.ts';

const folder = 'components/policy/default';

/**
 * How many mistakes in our own policies their tests notice. A mutant that does not compile is none: it would be told. Those
 * that live are listed.
 */
export async function measureMutations(): Promise<readonly Figure[]> {
  const level = await readDefaultLevel();
  const files = readdirSync(folder).map((name) => ({
    path: name,
    text: readFileSync(`${folder}/${name}`, 'utf8'),
  }));
  const { cases } = await parseTests(files.filter(({ path }) => path.endsWith('.test.yaml')));
  let killed = 0;
  const living: string[] = [];
  for (const { path, text } of files.filter((file) => file.path.endsWith('.policy.yaml'))) {
    const parsed = parseYaml(text, 'manifest');
    const document = (parsed.ok ? parsed.documents[0] : undefined) as PolicyDocument;
    const { name } = document.metadata;
    const others = level.policies.filter((policy) => policy.name !== name);
    for (const mutant of mutantsOf(document)) {
      const written = [{ path, text: JSON.stringify(mutant.document) }];
      const { policies, broken } = await parsePolicies('default', written);
      if (broken.length > 0) continue;
      const { failed } = runTests([{ ...level, policies: [...others, ...policies] }], 'default', cases);
      if (failed.length > 0) killed += 1;
      else living.push(`${name}: ${mutant.what}`);
    }
  }
  const all = killed + living.length;
  const survivors = living.length === 0 ? 'none lives' : `living: ${living.join('; ')}`;
  const share = figure({
    ...{ id: 'policy-mutants-killed', value: (100 * killed) / all, unit: '%', better: 'higher', goal: 95 },
    against: `${all} mutants of our policies, ${cases.length} cases; ${survivors}`,
  });
  return [share];
}
