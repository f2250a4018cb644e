const shownNodes = 12;

/**
 * Circles that have no node in common, each from the node that was reached first; whoever mends one sees the next.
 * (There can be exponentially many.) Depth-first search with an explicit stack, in time linear in nodes
 * and edges: a manifest may hold thousands of both.
 *
 * @param edges - of each node, where it leads to; what is no node of the map is passed over
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const told = new Set<string>();
  for (const start of edges.keys()) {
    const trail: string[] = [];
    const onTrail = new Set<string>();
    const stack = [{ id: start, leave: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { id, leave } = next;
      if (leave) {
        trail.pop();
        onTrail.delete(id);
        done.add(id);
      } else if (onTrail.has(id)) {
        if (told.has(id)) continue;
        const cycle = trail.slice(trail.indexOf(id));
        if (cycle.some((member) => told.has(member))) continue;
        for (const member of cycle) told.add(member);
        cycles.push(cycle);
      } else if (!done.has(id) && edges.has(id)) {
        trail.push(id);
        onTrail.add(id);
        stack.push({ id, leave: true });
        for (const target of (edges.get(id) ?? []).toReversed()) stack.push({ id: target, leave: false });
      }
    }
  }
  return cycles;
}

/** A circle as people follow it: `a → b → a`, long ones cut. */
export function renderCycle(cycle: readonly string[]): string {
  const shown =
    cycle.length > shownNodes ? [...cycle.slice(0, shownNodes - 1), '…', ...cycle.slice(-1)] : cycle;
  return [...shown, cycle[0]].join(' → ');
}
