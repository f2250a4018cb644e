import type { Fact } from '../types.ts';
import { agentKinds, certificationLevels, permissions, roles, tiers } from './policy-values.ts';

/** What conditions of policies may ask about an agent: mostly what its manifest says. */
export const agentFacts: readonly Fact[] = [
  { name: 'agent.name', type: 'string', suppliedBy: 'manifest', about: 'Name in the metadata.' },
  {
    name: 'agent.kind',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Kind of the manifest, such as `Agent`.',
    values: agentKinds,
  },
  { name: 'agent.version', type: 'string', suppliedBy: 'manifest', about: 'Version in the metadata.' },
  {
    name: 'agent.path',
    type: 'string',
    suppliedBy: 'repository',
    about: 'Path of the manifest from the root of the repository.',
  },
  {
    name: 'agent.tier',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Access tier, such as `tier_1_read`.',
    values: tiers,
    isOpen: true,
  },
  {
    name: 'agent.role',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Role in the separation of duties; absent where the manifest has none.',
    values: roles,
    isOpen: true,
  },
  {
    name: 'agent.duties',
    type: 'list<string>',
    suppliedBy: 'manifest',
    about:
      'What it is by its role in the separation of duties, its type and its `agentKind`; an empty list where it says nothing.',
    values: roles,
    isOpen: true,
  },
  {
    name: 'agent.type',
    type: 'string',
    suppliedBy: 'manifest',
    about: "OSSA's type, such as `worker`; absent where the manifest has none.",
  },
  {
    name: 'agent.owner',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Team in the metadata, or else the author; absent where there is neither.',
  },
  {
    name: 'agent.labels',
    type: 'list<string>',
    suppliedBy: 'manifest',
    about: 'Labels in the metadata as `key=value`; an empty list where there are none.',
  },

  {
    name: 'agent.certification',
    type: 'string',
    suppliedBy: 'certify',
    about: 'Level that was reached: `none`, `bronze`, `silver` or `gold`.',
    values: certificationLevels,
  },
  {
    name: 'agent.certification_rank',
    type: 'int',
    suppliedBy: 'certify',
    about: 'The same as a number from 0 to 3, for comparing.',
    values: [0, 1, 2, 3],
  },
  {
    name: 'agent.changed',
    type: 'bool',
    suppliedBy: 'merge request',
    about: 'Whether the manifest differs from the one in the target branch.',
  },
  {
    name: 'agent.provider',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Provider of the model; absent for kinds without a model.',
  },
  {
    name: 'agent.model',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Name of the model; absent for kinds without a model.',
  },
  {
    name: 'agent.model_pinned',
    type: 'bool',
    suppliedBy: 'manifest',
    about:
      'Whether nothing is known by which the name of the model would come to mean another one; absent without a model.',
  },

  {
    name: 'agent.permissions',
    type: 'list<string>',
    suppliedBy: 'manifest',
    about: 'Permissions the manifest asks for; an empty list where it asks for none.',
    values: permissions,
    isOpen: true,
  },
  {
    name: 'agent.has_budget',
    type: 'bool',
    suppliedBy: 'manifest',
    about: 'Whether the manifest limits tokens or cost.',
  },
  {
    name: 'agent.max_tokens_per_day',
    type: 'int',
    unit: 'tokens',
    suppliedBy: 'manifest',
    about: 'Limit of tokens per day; absent where there is none.',
  },
  {
    name: 'agent.max_cost_per_day_usd',
    type: 'double',
    unit: 'USD',
    suppliedBy: 'manifest',
    about: 'Limit of cost per day; absent where there is none.',
  },

  {
    name: 'agent.image_pinned',
    type: 'bool',
    suppliedBy: 'manifest',
    about:
      'Whether each container image that the manifest names is named by its digest; true where it names none.',
  },
  {
    name: 'agent.data_classes',
    type: 'list<string>',
    suppliedBy: 'manifest',
    about:
      'Classes of data the agent is for by its `data_classification`; an empty list where it says nothing.',
  },
  {
    name: 'agent.region',
    type: 'string',
    suppliedBy: 'manifest',
    about: 'Region its data must stay in by `spec.compliance.data_residency`; absent where it says nothing.',
  },
];
