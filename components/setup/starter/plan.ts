import type { Failure } from '../../kernel/failure.ts';
import { shown } from '../../kernel/schema-terms.ts';
import { listed, nearest } from '../../kernel/suggest.ts';
import { assertNone } from '../inputs.ts';
import { errors } from './errors.ts';

/**
 * A model with a version for each provider that is often asked for, so that the starter answers tomorrow as today. Sources:
 * the providers' lists of models; a date or a stable name is pinned, a bare family name is not.
 */
const usualModels: Readonly<Record<string, string>> = {
  anthropic: 'claude-sonnet-4-5-20250929',
  openai: 'gpt-4.1-2025-04-14',
  google: 'gemini-2.5-flash',
};

/** Providers OSSA 0.4 names, without `custom`: that can be any address, and our default policies deny it. */
export const providers = [
  ...['anthropic', 'openai', 'google', 'azure', 'ollama', 'mistral', 'cohere', 'groq'],
  ...['together', 'fireworks', 'deepseek'],
] as const;

/** What a person gives of a new agent. */
export interface AskedStarter {
  readonly name: string;
  readonly role: string | undefined;
  readonly description: string | undefined;
  readonly provider: string;
  readonly model: string | undefined;
  /** Names of tools, with `_` or `-`. */
  readonly tools: readonly string[];
  /** Labels it may add to a merge request. */
  readonly labels: readonly string[];
  /** Issues it may open in a session. */
  readonly issues: number;
  readonly maxIterations: number;
  readonly timeoutSeconds: number;
  readonly maxTokensPerDay: number;
  readonly maxCostPerDay: number;
  /** Path or address of the schema for editors. */
  readonly editorSchema: string | undefined;
}

/** What the starter says. Each text is checked: none can leave its place in YAML once it is quoted. */
export interface Starter extends Omit<AskedStarter, 'model'> {
  readonly model: string;
  readonly tier: 'tier_1_read' | 'tier_2_write_limited';
  readonly permissions: readonly string[];
}

/**
 * Decides what a starter says; every mistake is told.
 *
 * @param known - ids of the tools agents are given
 * @throws STARTER_NAME, STARTER_MODEL_MISSING, STARTER_TOOL_UNKNOWN, STARTER_LABEL
 */
export function planStarter(asked: AskedStarter, known: readonly string[]): Starter {
  const { name, provider, model = usualModels[provider], issues } = asked;
  const tools = [...new Set(asked.tools.map((tool) => tool.replaceAll('-', '_')))];
  const labels = [...new Set(asked.labels)];
  const wrong = labels.filter((label) => label.length > 255 || !/^[^\s,~][^,\p{Cc}]*$/u.test(label));
  assertNone([
    // It is the heading of its notes as well, which has at most 60 characters.
    ...(/^[a-z0-9]([-a-z0-9]{0,58}[a-z0-9])?$/.test(name) ? [] : [errors.NAME({ got: shown(name) })]),
    ...(model === undefined ? [errors.MODEL_MISSING({ provider })] : []),
    ...tools.flatMap((tool) => unknownTool(tool, known)),
    ...(wrong.length === 0 ? [] : [errors.LABEL({ got: listed(wrong.map(shown)) })]),
  ]);
  // Labels and issues are writing, which begins at tier 2 (components/policy/default).
  const writes = labels.length > 0 || issues > 0;
  return {
    ...asked,
    model: model ?? '',
    tools,
    labels,
    tier: writes ? 'tier_2_write_limited' : 'tier_1_read',
    permissions: ['read_code', 'read_mrs', ...(issues > 0 ? ['create_issues'] : [])],
  };
}

function unknownTool(tool: string, known: readonly string[]): readonly Failure[] {
  const names = known.map((id) => id.replaceAll('-', '_'));
  if (names.includes(tool)) return [];
  const near = nearest(tool, names);
  return [
    errors.TOOL_UNKNOWN({
      got: shown(tool),
      known: listed(names),
      near: near === undefined ? '' : `; did you mean ${near}?`,
    }),
  ];
}
