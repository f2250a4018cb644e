import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { environment } from '../../components/expressions/environments/policy.ts';
import { permissions, tiers } from '../../components/manifest/duties/access.ts';
import { kinds as manifestKinds } from '../../components/manifest/types.ts';
import { actions, actionsToCome, certificationLevels } from '../../components/policy/types.ts';
import { kinds } from '../../components/proposals/kinds.gen.ts';

const schema = (name: string) => JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));
const policy = schema('policy').definitions.match.properties;

/** What the facts can be, against where that comes from: a value that is missing would make an analysis say never. */
test.each([
  ['action.name', actions],
  ['agent.kind', manifestKinds],
  ['agent.kind', policy.agents.properties.kinds.items.enum],
  ['agent.tier', tiers],
  ['agent.tier', policy.agents.properties.tiers.items.enum],
  ['agent.role', schema('ossa/parts/access').definitions.separation.properties.role.enum],
  ['agent.certification', ['none', ...certificationLevels]],
  ['agent.certification_rank', ['none', ...certificationLevels].map((_, rank) => rank)],
  ['agent.permissions', [...permissions]],
  ['resource.kind', [...kinds.map(({ id }) => id), 'manifest', 'tool', 'model']],
  ['resource.tool_kind', schema('ossa/parts/tool').definitions['tool.v0.4'].properties.type.enum],
  ['resource.kind', policy.resources.items.enum],
  ['context.sources', schema('proposals').properties.sources.items.enum],
])('%s can be what its source says', (name, wanted) => {
  const values = environment.facts.find((fact) => fact.name === name)?.values ?? [];
  expect([...values].sort()).toEqual([...wanted].sort());
});

test('the schema names the actions that are asked for, and those to come', () => {
  expect(policy.actions.items.enum).toEqual([...actions, ...actionsToCome]);
});
