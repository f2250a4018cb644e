/** Nodes that are reached from others over edges, the starts among them; in time linear in nodes and edges. */
export function reachable(
  starts: Iterable<string>,
  edges: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set(starts);
  // A set visits what is added to it on the way.
  for (const node of reached) for (const target of edges.get(node) ?? []) reached.add(target);
  return reached;
}

/** The same edges the other way round. */
export function reversed(
  edges: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const back = new Map<string, string[]>();
  for (const [from, targets] of edges) {
    for (const to of targets) {
      const sources = back.get(to);
      if (sources === undefined) back.set(to, [from]);
      else sources.push(from);
    }
  }
  return back;
}
