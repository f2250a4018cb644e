import type { ParsedBundle } from '../proposals/bundle.ts';

/** A bundle as it was found, or why it could not be read. */
export interface FoundBundle {
  /** Name of the job. */
  readonly source: string;
  readonly parsed: ParsedBundle;
}

/** Two bundles of one agent would contend for one note: neither is taken. */
export function withoutTwins(found: readonly FoundBundle[]): readonly FoundBundle[] {
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
