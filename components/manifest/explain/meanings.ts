/** What a field is for, where the schema does not say it already, and a value that fits it. */
interface Meaning {
  readonly means?: string;
  readonly example?: unknown;
}

/**
 * Words for the fields people write most. The schemas say what a field takes, and only where that is not plain; what it
 * is for stands here. `pipewright explain` and the editor's schema show both. Each path is one that the schemas have, and
 * each example is held against them by a test.
 */
export const meanings: Readonly<Record<string, Meaning>> = {
  apiVersion: {
    means: 'The version of OSSA the manifest is written in; it decides which fields there are.',
    example: 'ossa/v0.4',
  },
  kind: { means: 'What the manifest describes; it decides what spec looks like.', example: 'Agent' },
  metadata: { means: 'Who the manifest is about: name, version, labels.' },
  'metadata.name': {
    means: 'The name other manifests, policies and reports know it by.',
    example: 'mr-reviewer',
  },
  'metadata.version': { means: 'The version of this manifest.', example: '1.0.0' },
  'metadata.description': {
    means: 'One or two sentences for people who choose it from a list.',
    example: 'Reads a merge request and names what its author should look at again.',
  },
  'metadata.labels': { means: 'Short texts to find and group manifests by.', example: { team: 'platform' } },
  'metadata.annotations': {
    means: 'Texts for programs that read the manifest; nothing is selected by them.',
  },
  'metadata.namespace': { means: 'The group of manifests in which the name is unique.', example: 'platform' },
  spec: { means: 'What the agent, task, workflow or flow is and does; its fields depend on kind.' },
  'spec.role': {
    means: 'The system prompt: what the agent is told it is and has to do.',
    example: 'You review one merge request. Name at most five problems, the gravest first.',
  },
  'spec.prompts': { means: 'Prompts beside the role, as text or as templates.' },
  'spec.llm': { means: 'The language model the agent thinks with.' },
  'spec.llm.provider': { means: 'Who runs the model.', example: 'anthropic' },
  'spec.llm.model': {
    means:
      'Which model. A name with a date or version keeps answering the same; a bare family name changes under you.',
    example: 'claude-sonnet-4-5-20250929',
  },
  'spec.llm.temperature': {
    means: 'How freely the model varies its words: 0 is the most repeatable.',
    example: 0.2,
  },
  'spec.llm.maxTokens': { means: 'The most tokens of one answer.', example: 4096 },
  'spec.llm.fallback_models': { means: 'Models that are asked, in this order, when the first one fails.' },
  'spec.llm.profile': {
    means: 'A name for settings that belong together, chosen by the runtime.',
    example: 'balanced',
  },
  'spec.llm.retry_config': { means: 'How often and how patiently a failed call of the model is repeated.' },
  'spec.llm.cost_tracking': {
    means: 'Whether calls are booked, to whom, and from when on an alarm is raised.',
  },
  'spec.tools': { means: 'What the agent can call. It can do nothing else.' },
  'spec.tools[].type': { example: 'function' },
  'spec.tools[].name': {
    means: 'The name the model calls the tool by; unique in the manifest.',
    example: 'read_diff',
  },
  'spec.tools[].description': { means: 'What the model is told about the tool.' },
  'spec.tools[].handler': { means: 'The code behind a tool of type function or library.' },
  'spec.tools[].server': { means: 'The MCP server that offers the tool.' },
  'spec.tools[].capabilities': { means: 'What the tool offers, one entry each.' },
  'spec.functions': { means: 'Functions the model may call, described by JSON Schemas of their parameters.' },
  'spec.autonomy': { means: 'How far the agent goes without a person.' },
  'spec.autonomy.level': {
    means: 'From supervised, where a person looks at every step, to fully_autonomous, where none does.',
    example: 'supervised',
  },
  'spec.autonomy.allowed_actions': { means: 'Actions the agent may take; what is also blocked is blocked.' },
  'spec.autonomy.blocked_actions': { means: 'Actions the agent may never take.' },
  'spec.autonomy.escalation_policy': { means: 'When a person is called, and who.' },
  'spec.constraints': { means: 'The most the agent may use of money, time and machine.' },
  'spec.constraints.cost': { means: 'Budgets. An agent without one runs until its provider stops it.' },
  'spec.constraints.cost.maxTokensPerDay': {
    means: 'Tokens of all sessions of a day together.',
    example: 200000,
  },
  'spec.constraints.cost.maxTokensPerRequest': { means: 'Tokens of one call of the model.', example: 8000 },
  'spec.constraints.cost.maxCostPerDay': { means: 'Money for all sessions of a day together.', example: 5 },
  'spec.constraints.cost.currency': { means: 'The currency of the costs.', example: 'USD' },
  'spec.constraints.performance': { means: 'The most time an answer takes, and how many at a time.' },
  'spec.constraints.resources': { means: 'Processor and memory, as Kubernetes writes them.' },
  'spec.safety': { means: 'What is filtered, redacted and asked before the agent acts.' },
  'spec.safety.content_filtering': { means: 'What happens with harmful content.' },
  'spec.safety.pii_detection': { means: 'What happens with data about persons that the agent comes across.' },
  'spec.safety.pii_detection.types': {
    means: 'Which data count, such as email.',
    example: ['email', 'phone'],
  },
  'spec.safety.pii_detection.action': {
    means: 'Whether such data is reported, stops the agent, or is taken out.',
    example: 'redact',
  },
  'spec.safety.rate_limiting': { means: 'How many requests are taken in a time.' },
  'spec.safety.guardrails': { means: 'Limits the runtime holds whatever the model says.' },
  'spec.safety.guardrails.max_tool_calls': { means: 'Calls of tools of one session.', example: 50 },
  'spec.safety.human_in_loop': { means: 'When a person is asked before the agent goes on.' },
  'spec.state': { means: 'What the agent remembers between calls, and where that is kept.' },
  'spec.state.mode': { means: 'Nothing, one session, or more than one.', example: 'session' },
  'spec.state.storage': { means: 'Where the state lies.' },
  'spec.state.storage.encryption': { means: 'How the state is encrypted where it lies.' },
  'spec.state.storage.encryption.keyRef': {
    means: 'The name of the key, such as a CI/CD variable; never the key itself.',
    example: 'CHECKPOINT_KEY',
  },
  'spec.state.context_window': {
    means: 'How much of a conversation is sent to the model: whole turns are left out, the oldest first.',
    example: { max_messages: 50, max_tokens: 16_000, strategy: 'sliding_window' },
  },
  'spec.observability': { means: 'Traces, metrics, logs, alerts and goals of the running agent.' },
  'spec.messaging': { means: 'Channels the agent publishes to and listens on.' },
  'spec.access': { means: 'What the agent may touch: its tier and permissions.' },
  'spec.access.tier': {
    means:
      'How much the agent is trusted with: reading, limited writing, production, or the rules themselves.',
    example: 'tier_1_read',
  },
  'spec.access.permissions': { means: 'Single rights; each must fit the tier.', example: ['read_code'] },
  'spec.access.prohibited': { means: 'Rights it must not have, whatever the tier gives.' },
  'spec.separation': { means: 'Separation of duties: what this agent may not be at the same time.' },
  'spec.separation.role': { means: 'The duty the agent has.', example: 'reviewer' },
  'spec.separation.conflicts_with': {
    means: 'Duties that no agent may have together with this one.',
    example: ['deployer'],
  },
  'spec.separation.prohibited_actions': {
    means: 'Actions its duty rules out.',
    example: ['merge', 'deploy'],
  },
  'spec.delegation': { means: 'Whether the agent may hand work to others, and to which tiers.' },
  'spec.handoffs': { means: 'Agents this one hands a conversation over to.' },
  'spec.type': { means: 'What kind of agent it is among others.', example: 'analyzer' },
  'spec.taxonomy': { means: 'The field the agent works in, for catalogues.' },
  'spec.taxonomy.domain': { means: 'The field of work.', example: 'security' },
  'spec.taxonomy.capability': { means: 'What it can do there, in one word.', example: 'code_review' },
  'spec.compliance': { means: 'Rules of law and audit the agent is bound to.' },
  'spec.compliance.frameworks': { means: 'Which ones.', example: ['GDPR'] },
  'spec.lifecycle': { means: 'Environments, dependencies and limits of turns.' },
  'spec.identity': { means: 'The account the agent acts as.' },
  'spec.team': { means: 'Agents that work together, and how.' },
  'spec.subagents': {
    means: 'Agents that exist only as part of this one, which gives them tasks by the tool `delegate`.',
  },
  'spec.completion': { means: 'How it is decided that the agent is done, stuck or goes on.' },
  'spec.completion.default_signal': { means: 'The signal where no condition holds.', example: 'complete' },
  'spec.completion.signals': { means: 'Conditions that end or continue the session, each with its signal.' },
  'spec.completion.signals[].signal': {
    means: 'What is signalled when the condition holds.',
    example: 'escalate',
  },
  'spec.completion.signals[].condition': {
    means: 'A CEL expression over the facts of the session.',
    example: 'error_count > 2',
  },
  'spec.completion.signals[].priority': { means: 'Orders the signals.', example: 20 },
  'spec.completion.max_iterations': { means: 'The most turns of the model in one session.', example: 8 },
  'spec.completion.timeout_seconds': { means: 'The most seconds of one session.', example: 300 },
  'spec.checkpointing': { means: 'When a session is saved, so that another job can go on with it.' },
  'spec.checkpointing.interval': { means: 'What makes it time to save.', example: 'iteration' },
  'spec.checkpointing.interval_value': { means: 'How many of them lie between two.', example: 4 },
  'spec.checkpointing.retention.days': { means: 'How long checkpoints are kept.', example: 7 },
  'spec.checkpointing.storage.backend': { means: 'The kind of store checkpoints lie in.', example: 's3' },
  'spec.token_efficiency': { means: 'Ways to spend fewer tokens on the same work.' },
  'spec.execution': { means: 'What a task runs, and how often that may be repeated.' },
  'spec.execution.type': {
    means: 'Whether running it twice gives the same, does no harm, or needs a transaction.',
    example: 'idempotent',
  },
  'spec.execution.entrypoint': { means: 'The program or function that does the work.' },
  'spec.execution.timeout_seconds': { means: 'Seconds after which the task is ended.', example: 60 },
  'spec.preconditions': { means: 'What must hold before the task begins.' },
  'spec.postconditions': { means: 'What must hold once it is done.' },
  'spec.steps': { means: 'What a workflow does, step by step.' },
  'spec.steps[].id': { means: 'The name other steps wait for it by.', example: 'build' },
  'spec.steps[].kind': { means: 'What the step is.', example: 'Task' },
  'spec.steps[].ref': {
    means: 'The manifest the step runs, relative to this file.',
    example: './changelog.ossa.yaml',
  },
  'spec.steps[].depends_on': { means: 'Ids of steps that must be done before this one.', example: ['build'] },
  'spec.steps[].condition': { means: 'The step runs only where this expression holds.' },
  'spec.steps[].on_error': { means: 'What happens when the step fails.' },
  'spec.triggers': { means: 'What starts a workflow.' },
  'spec.flow_schema': { means: 'The states of a flow, and the one it begins in.' },
  'spec.transitions': { means: 'The ways from state to state, each with what sets it off.' },
  'spec.transitions[].trigger.signal': {
    means: 'The completion signal of an agent that sets it off.',
    example: 'complete',
  },
  extensions: { means: 'Settings for one framework or product each; spec.extensions is read the same way.' },
  'extensions.mcp': { means: 'Servers of the Model Context Protocol.' },
  'extensions.experts': {
    means:
      'A mixture of experts: several models, and who chooses among them. Not extensions.moe, which are measures.',
  },
  'extensions.experts.registry[].id': { means: 'What other experts and the agent call it.', example: 'deep' },
  'extensions.experts.registry[].model.provider': { example: 'anthropic' },
  'extensions.experts.registry[].model.model': { example: 'claude-opus-4-1-20250805' },
  'extensions.experts.registry[].cost_tier': {
    means: 'What a call costs beside the others.',
    example: 'premium',
  },
  'extensions.experts.selection_strategy': { example: 'cost_optimized' },
  'extensions.moe': {
    means:
      'Measures of effectiveness: what the agent is judged by. Not a mixture of experts, which is extensions.experts.',
  },
  'extensions.moe.primary.metric': { example: 'review_accuracy' },
  'extensions.moe.primary.target': { example: 0.9 },
  'extensions.bat': { means: 'Best available technology: how the agent chooses what it works with.' },
  'extensions.capabilities': { means: 'How the agent finds at run time what it can use.' },
  'extensions.feedback': { means: 'How ratings of its work come back to the agent.' },
  'extensions.pipewright': {
    means:
      'What Pipewright is told when it runs the agent: what it may propose to GitLab, what its tools are made of, what it answers.',
  },
  runtime: { means: 'Where the manifest is meant to run.' },
};
