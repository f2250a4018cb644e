import { digest, type JsonValue } from '../kernel/canonical.ts';
import type { Head } from '../stores/types.ts';
import { agentReplay } from './agent-replay.ts';
import type { Story } from './story.ts';

/** Versions of OSSA a checkpoint may be meant for. Our records know none: the view is the same but for its name. */
export const checkpointVersions = ['0.3.4', '0.3.5', '0.3.6'] as const;

export interface CheckpointParts {
  readonly session: string;
  readonly version: (typeof checkpointVersions)[number];
  /** Where the records are kept, as a URI. */
  readonly location: string;
  readonly head: Head | undefined;
}

/**
 * The state of a session as the `AgentCheckpoint` of OSSA 0.3.5 has it. OSSA requires `created_at` at
 * the top and describes it below `checkpoint_metadata`: it stands at both.
 */
export function exportCheckpoint(
  story: Story,
  { session, version, location, head }: CheckpointParts,
): JsonValue {
  const { begun, agent, at } = story;
  const created = new Date(at).toISOString();
  const state = agent === undefined ? { ended: story.end?.outcome ?? null } : withoutMessages(agent);
  const messages = agent === undefined ? [] : (agent.messages as unknown as readonly JsonValue[]);
  const size = Buffer.byteLength(JSON.stringify({ messages, state }));
  return {
    session_id: session,
    agent_id: agentId(begun.name),
    state_version: version,
    created_at: created,
    messages,
    iteration_count: agent?.iterations ?? story.end?.iterations ?? 0,
    custom_state: state,
    checkpoint_metadata: {
      created_at: created,
      storage_location: location,
      checksum: digest({ messages, state, head: head === undefined ? null : `${head.sequence}:${head.tag}` }),
      size_bytes: size,
    },
  };
}

function withoutMessages(agent: NonNullable<Story['agent']>): JsonValue {
  const { messages: _, ...state } = agentReplay.save(agent) as { readonly [key: string]: JsonValue };
  return JSON.parse(JSON.stringify(state));
}

/** OSSA's form of it: a name in lower case, with dashes inside. */
function agentId(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `@${plain === '' ? 'agent' : plain}`;
}
