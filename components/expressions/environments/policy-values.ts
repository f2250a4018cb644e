/**
 * What facts of policies can be, as OSSA, GitLab and our own documents have it. Written out, since this module knows no
 * manifest and no proposal; a test holds each against its source.
 */
export const agentKinds = ['Agent', 'Task', 'Workflow', 'Flow', 'Skill', 'Validator'] as const;

export const tiers = [
  'tier_1_read',
  'tier_2_write_limited',
  'tier_3_write_elevated',
  'tier_4_policy',
] as const;

export const roles = [
  ...['analyzer', 'auditor', 'scanner', 'reviewer', 'monitor', 'generator', 'scaffolder', 'documenter'],
  ...['test_writer', 'deployer', 'operator', 'executor', 'maintainer', 'governor', 'policy_definer'],
  ...['compliance_officer', 'approver', 'critic', 'remediator', 'enforcer'],
];

/** Names that OSSA has for what an agent may be allowed. */
export const permissions = [
  ...['read_code', 'read_configs', 'read_metrics', 'read_logs', 'read_issues', 'read_mrs', 'execute_queries'],
  ...['write_docs', 'write_tests', 'write_scaffolds', 'write_configs_draft', 'create_issues'],
  ...['create_mrs_draft', 'execute_sandboxed', 'write_production_code', 'merge_mrs', 'delete_branches'],
  ...['modify_infrastructure', 'modify_secrets', 'execute_deployments', 'modify_pipelines', 'modify_configs'],
  ...['execute_commands', 'define_policies', 'publish_policies', 'audit_compliance', 'report_violations'],
];

/** `manifest` is what runs, `tool`, `model` and `subagent` are what a session uses; the others are proposed. */
export const resourceKinds = [
  ...([
    'note',
    'label',
    'issue',
    'thread',
    'suggestion',
    'commit',
    'status',
    'environment-stop',
    'manifest',
    'tool',
    'model',
    'subagent',
  ] as const),
];

/** How much harm a call of a tool can do. */
export const risks = ['low', 'medium', 'high'] as const;

/** OSSA's types of tools. */
export const toolKinds = [
  ...['mcp', 'browser', 'kubernetes', 'http', 'api', 'grpc', 'function', 'a2a', 'webhook', 'schedule'],
  ...['pipeline', 'workflow', 'artifact', 'git-commit', 'ci-status', 'comment', 'library', 'custom'],
];

/** OSSA's words for what a subagent is. */
export const subagentKinds = ['subagent', 'worker', 'specialist', 'reviewer', 'debugger'] as const;

/** GitLab's tiers of environments. */
export const environmentTiers = ['production', 'staging', 'testing', 'development', 'other'] as const;

export const certificationLevels = ['none', 'bronze', 'silver', 'gold'] as const;

export const places = ['merge-request', 'trusted', 'branch'] as const;

export const sources = [
  ...(['merge-request-diff', 'repository', 'merge-request', 'task-input'] as const),
  ...(['job-log', 'http', 'mcp', 'function'] as const),
] as const;

/** From the first day that `Date` counts. */
export const weekdays = [
  ...(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const),
];
