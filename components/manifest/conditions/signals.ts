import type { DataPath } from '../../kernel/place.ts';
import { valueAt } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { itemsAt, textAt } from '../read-data.ts';
import type { ManifestDocument } from '../types.ts';
import { signalsPath } from './places.ts';

/** A completion signal as it is tried. */
export interface TriedSignal {
  readonly path: DataPath;
  readonly signal: string | undefined;
  /** Undefined where the agent raises it itself. */
  readonly condition: string | undefined;
  /** 0 unless said. */
  readonly priority: number;
}

/**
 * What is known of a condition without a session: true in every iteration, true wherever the agent has reported its
 * confidence, or never true.
 */
export type Constancy = 'always' | 'once-reported' | 'never';
export type ConstancyOf = (signal: TriedSignal) => Constancy | undefined;

/** The signals of an agent in the order they are tried in: by priority from the highest down, then as written. */
export function triedSignals({ data, kind }: ManifestDocument): readonly TriedSignal[] {
  if (kind !== 'Agent') return [];
  return itemsAt(data, signalsPath)
    .map(({ path, value }) => {
      const priority = valueAt(value, ['priority']);
      const written = valueAt(value, ['condition']);
      return {
        path,
        signal: textAt(value, ['signal']),
        condition: typeof written === 'boolean' ? String(written) : textAt(value, ['condition']),
        priority: typeof priority === 'number' && !Number.isNaN(priority) ? priority : 0,
      };
    })
    .toSorted((a, b) => b.priority - a.priority);
}

/** The constancy of a condition that is a plain `true` or `false`. */
export const plainConstancy: ConstancyOf = ({ condition }) => {
  const word = condition?.trim();
  return word === 'true' ? 'always' : word === 'false' ? 'never' : undefined;
};

/** Whether anything but the plain words is to be read, for which the compiler has to be loaded. */
export function hasExpressions(signals: readonly TriedSignal[]): boolean {
  return signals.some((signal) => signal.condition !== undefined && plainConstancy(signal) === undefined);
}

/** Whether nothing below it is tried, whatever happens. A checkpoint is noted, and the rest is tried all the same. */
export function hidesTheRest(signal: TriedSignal, constancyOf: ConstancyOf): boolean {
  return signal.signal !== 'checkpoint' && constancyOf(signal) === 'always';
}

/** A signal for people. */
export function renderSignal({ signal, priority }: TriedSignal): string {
  return `${quote(signal ?? '?')} (priority ${priority})`;
}
