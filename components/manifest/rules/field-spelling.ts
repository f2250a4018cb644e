import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { isData } from '../read-data.ts';
import { defineRule } from '../rule.ts';

/** Fields of objects that take unknown ones, so that another spelling is no error of structure. */
const fieldsAt: readonly (readonly [DataPath, readonly string[]])[] = [
  [
    ['spec', 'llm'],
    ['maxTokens', 'fallback_models', 'retry_config', 'cost_tracking'],
  ],
  [
    ['spec', 'constraints', 'cost'],
    ['maxTokensPerDay', 'maxTokensPerRequest', 'maxCostPerDay'],
  ],
  [
    ['spec', 'constraints', 'performance'],
    ['maxLatencySeconds', 'maxConcurrentRequests', 'timeoutSeconds'],
  ],
  [
    ['spec', 'autonomy'],
    ['approval_required', 'allowed_actions', 'blocked_actions', 'escalation_policy'],
  ],
  [
    ['spec', 'completion'],
    ['default_signal', 'max_iterations', 'timeout_seconds'],
  ],
  [['spec', 'checkpointing'], ['interval_value']],
  [['spec', 'checkpointing', 'retention'], ['max_checkpoints']],
  [
    ['spec', 'safety'],
    ['content_filtering', 'pii_detection', 'rate_limiting', 'human_in_loop'],
  ],
  [
    ['spec', 'safety', 'rate_limiting'],
    ['requests_per_minute', 'burst_limit'],
  ],
  [
    ['spec', 'safety', 'guardrails'],
    ['max_tool_calls', 'max_execution_time_seconds'],
  ],
  [['spec', 'state'], ['context_window']],
  [['spec', 'state', 'encryption'], ['keyRef']],
  [['spec', 'state', 'storage', 'encryption'], ['keyRef']],
  [['spec', 'observability', 'metrics'], ['customMetrics']],
  [['spec'], ['knowledge_sources', 'mandatory_knowledge_sources', 'code_compliance', 'token_efficiency']],
];

export const rule = defineRule({
  id: 'field-spelling',
  severity: 'warning',
  about:
    'A field is written in the other style of names, as `max_tokens` for `maxTokens`: OSSA uses both, each for its own ' +
    'fields. The place takes unknown fields, so the structure is valid and nothing reads it.',
  check: ({ data }) =>
    fieldsAt.flatMap(([path, fields]) => {
      const value = valueAt(data, path);
      if (!isData(value)) return [];
      const known = new Map(fields.map((field) => [plain(field), field]));
      return Object.keys(value).flatMap((key) => {
        const field = known.get(plain(key));
        if (field === undefined || field === key) return [];
        const place = [...path, key];
        return [
          {
            path: place,
            target: 'key' as const,
            message: `${renderPath(place)} is written "${field}" in OSSA; nothing reads this spelling`,
            expected: field,
            got: key,
            suggestion: field,
            ...(Object.hasOwn(value, field) ? {} : { wants: { names: [field] } }),
          },
        ];
      });
    }),
});

function plain(name: string): string {
  return name.length > 64 ? name : name.replace(/[-_]/g, '').toLowerCase();
}
