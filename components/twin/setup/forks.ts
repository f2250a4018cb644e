import type { TwinFile } from './twin-file.gen.ts';

/** How many projects a fork comes from, one after another: 0 of no fork; undefined where they form a circle. */
export function forkDepth({ projects = {} }: TwinFile, path: string): number | undefined {
  const seen = new Set<string>();
  for (let at: string | undefined = path; at !== undefined; at = projects[at]?.fork_of) {
    if (seen.has(at)) return undefined;
    seen.add(at);
  }
  return seen.size - 1;
}
