import type { ParsedBundle } from '../proposals/bundle.ts';

/** A bundle as it was found, or why it could not be read. */
export interface FoundBundle {
  /** Name of the job. */
  readonly source: string;
  readonly parsed: ParsedBundle;
}

/**
 * Two bundles of one agent would contend for one note: neither is taken. Of one session that went on in another job the later
 * bundle holds all that the earlier one did.
 */
export function withoutTwins(all: readonly FoundBundle[]): readonly FoundBundle[] {
  const found = all.filter((one) => !all.some((other) => isOvertaken(one, other)));
  const agentOf = ({ parsed }: FoundBundle) => (parsed.ok ? parsed.bundle.agent.path : undefined);
  const agents = found.map(agentOf);
  return found.map((one, index) => {
    const agent = agents[index];
    const twin = agents.findIndex((other, at) => at !== index && other === agent);
    if (agent === undefined || twin < 0) return one;
    const reasons = [`the job ${found[twin]?.source} has a bundle of the same agent; neither is taken`];
    return { source: one.source, parsed: { ok: false, reasons, digest: one.parsed.digest } };
  });
}

function isOvertaken({ parsed }: FoundBundle, { parsed: by }: FoundBundle): boolean {
  if (!parsed.ok || !by.ok) return false;
  const [one, other] = [parsed.bundle, by.bundle];
  return (
    one.agent.path === other.agent.path &&
    one.session.id === other.session.id &&
    one.session.epoch < other.session.epoch
  );
}

/** Whether a bundle proposes something on a line of the diff. */
export function isOnLines({ parsed }: FoundBundle): boolean {
  return parsed.ok && parsed.bundle.proposals.some((proposal) => 'line' in proposal);
}
