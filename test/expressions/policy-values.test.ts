import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { validate } from '#validators/policy-facts';
import { environment } from '../../components/expressions/environments/policy.ts';
import { checkSchema } from '../../components/kernel/schema.ts';
import { permissions, tiers } from '../../components/manifest/duties/access.ts';
import { kinds as manifestKinds } from '../../components/manifest/types.ts';
import { factsOf } from '../../components/policy/testing/usual.ts';
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
  ['resource.kind', [...kinds.map(({ id }) => id), 'manifest', 'tool', 'model', 'subagent']],
  ['resource.tool_kind', schema('ossa/parts/tool').definitions['tool.v0.4'].properties.type.enum],
  ['resource.subagent_kind', schema('ossa/parts/team').definitions.subagent.properties.kind.enum],
  ['resource.kind', policy.resources.items.enum],
  ['context.sources', schema('proposals').properties.sources.items.enum],
])('%s can be what its source says', (name, wanted) => {
  const values = environment.facts.find((fact) => fact.name === name)?.values ?? [];
  expect([...values].sort()).toEqual([...wanted].sort());
});

test('the schema names the actions that are asked for, and those to come', () => {
  expect(policy.actions.items.enum).toEqual([...actions, ...actionsToCome]);
});

test.each([...actions])(
  'the schema of facts takes the usual request of %s, and no fact of another type or name',
  (action) => {
    const facts = factsOf({ 'action.name': action });
    expect(checkSchema(validate, facts)).toEqual([]);
    expect(Object.keys(schema('policy-facts').properties)).toEqual(environment.facts.map(({ name }) => name));
    for (const wrong of [{ 'context.hour': '10' }, { 'agent.weight': 1 }, { 'resource.kind': 'nothing' }])
      expect(checkSchema(validate, { ...facts, ...wrong })).not.toEqual([]);
  },
);
