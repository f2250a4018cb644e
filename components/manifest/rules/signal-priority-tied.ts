import { plainConstancy, renderSignal, type TriedSignal, triedSignals } from '../conditions/signals.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'signal-priority-tied',
  severity: 'info',
  about:
    'Two completion signals have one priority, and both conditions can be true at once. OSSA does not say which is ' +
    'tried first; we take the one that is written first.',
  check: (document) => {
    // A checkpoint competes with nobody; one that the agent raises is the only one it raises.
    const competing = triedSignals(document).filter(
      (signal) =>
        signal.signal !== 'checkpoint' &&
        signal.condition !== undefined &&
        plainConstancy(signal) === undefined,
    );
    const first = new Map<number, TriedSignal>();
    return competing.flatMap((signal) => {
      const earlier = first.get(signal.priority);
      if (earlier === undefined) first.set(signal.priority, signal);
      if (earlier === undefined || earlier.signal === signal.signal) return [];
      return [
        {
          path: [...signal.path, 'signal'],
          message: `signal ${renderSignal(signal)} has the priority of ${renderSignal(earlier)}, which is tried first only because it is written first`,
          fix: 'Give each its own priority, the higher one to what is to be tried first.',
        },
      ];
    });
  },
});
