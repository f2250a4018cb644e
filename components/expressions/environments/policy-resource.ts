import type { Fact } from '../types.ts';
import {
  environmentTiers,
  permissions,
  resourceKinds,
  risks,
  subagentKinds,
  toolKinds,
} from './policy-values.ts';

/** What conditions of policies may ask about the thing that an action is about. */
export const resourceFacts: readonly Fact[] = [
  {
    name: 'resource.kind',
    type: 'string',
    suppliedBy: 'request',
    about:
      'Kind of the proposal, such as `note`; `manifest` for the actions run and resume, `model` for use_model, `tool` for call_tool, `subagent` for delegate.',
    values: resourceKinds,
  },
  {
    name: 'resource.project',
    type: 'string',
    suppliedBy: 'GitLab',
    about: 'Full path of the project the effect lands in.',
  },
  {
    name: 'resource.merge_request',
    type: 'int',
    suppliedBy: 'GitLab',
    about: 'Number of the merge request; absent where there is none.',
  },
  {
    name: 'resource.target_branch',
    type: 'string',
    suppliedBy: 'GitLab',
    about: 'Branch the merge request is to be merged into; absent where there is none.',
  },

  {
    name: 'resource.tool',
    type: 'string',
    suppliedBy: 'session',
    about: 'Name of the tool, such as `read-file`; absent for all actions but call_tool.',
  },
  {
    name: 'resource.tool_kind',
    type: 'string',
    suppliedBy: 'session',
    about:
      "OSSA's type of the tool: `function` and `mcp` stay inside of the session (a server over HTTP with the operator, where that trusts it), all others reach out of it; absent like its name.",
    values: toolKinds,
    isOpen: true,
  },
  {
    name: 'resource.risk',
    type: 'string',
    suppliedBy: 'session',
    about: 'How much harm a call of the tool can do: `low`, `medium` or `high`; absent like its name.',
    values: risks,
  },
  {
    name: 'resource.permission',
    type: 'string',
    suppliedBy: 'session',
    about: "OSSA's permission that the tool takes, such as `read_code`; absent like its name.",
    values: permissions,
    isOpen: true,
  },

  {
    name: 'resource.subagent',
    type: 'string',
    suppliedBy: 'session',
    about: 'Name of the subagent that is about to be given a task; absent for all actions but delegate.',
  },
  {
    name: 'resource.subagent_kind',
    type: 'string',
    suppliedBy: 'session',
    about:
      "OSSA's word for what the subagent is, `subagent` where the manifest has none; absent like its name.",
    values: subagentKinds,
    isOpen: true,
  },
  {
    name: 'resource.subagent_tools',
    type: 'list<string>',
    suppliedBy: 'session',
    about:
      'Names of the tools that the subagent is given; an empty list where it has none, absent like its name.',
  },
  {
    name: 'resource.depth',
    type: 'int',
    suppliedBy: 'session',
    about:
      'How many agents are above the one that gets the task, which is 1, as a subagent gives none away; absent like its name.',
  },

  {
    name: 'resource.provider',
    type: 'string',
    suppliedBy: 'session',
    about:
      "Provider of the model that is about to be called, or of the subagent's; absent for all actions but use_model and delegate.",
  },
  {
    name: 'resource.model',
    type: 'string',
    suppliedBy: 'session',
    about: "Name of that model, a fallback or not, or of the subagent's; absent like its provider.",
  },
  {
    name: 'resource.region',
    type: 'string',
    suppliedBy: 'operator',
    about:
      "Region that the model's endpoint is in, as the input `model-regions` of run says; absent where nobody said, and for all actions but use_model.",
  },

  {
    name: 'resource.environment',
    type: 'string',
    suppliedBy: 'GitLab',
    about: 'Name of the environment; absent where the action is about none.',
  },
  {
    name: 'resource.environment_tier',
    type: 'string',
    suppliedBy: 'GitLab',
    about: "GitLab's tier of the environment, such as `production`; absent like its name.",
    values: environmentTiers,
  },
];
