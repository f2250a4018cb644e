import type { Change, ChangeKind, Count } from './types.ts';

/** Counts by kind. */
export function createTally(): { readonly count: Count; readonly changes: () => readonly Change[] } {
  const counts = new Map<ChangeKind, number>();
  return {
    count: (kind) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    },
    changes: () => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, count })),
  };
}
