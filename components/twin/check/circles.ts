/**
 * Circles of a graph, each from the node it is met at first. Where circles share nodes not all are given, but once
 * those that are have been broken the next ones come up.
 */
export function circlesOf(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string) => {
    const at = trail.indexOf(node);
    if (at >= 0) circles.push(trail.slice(at));
    if (at >= 0 || done.has(node)) return;
    trail.push(node);
    for (const next of graph.get(node) ?? []) visit(next);
    trail.pop();
    done.add(node);
  };
  for (const node of graph.keys()) visit(node);
  return circles;
}
