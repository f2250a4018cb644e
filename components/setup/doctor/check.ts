import type { CheckLine } from '../types.ts';
import type { DoctorFacts } from './facts.ts';

/** What checks are about, in the order they are told. */
export const topics = {
  gate: 'The gate',
  merge: 'What a merge takes',
  secrets: 'Secrets',
  access: 'Who comes in',
  runners: 'Runners and what they keep',
} as const;
export type Topic = keyof typeof topics;

/** One question about how a project is set up. Its lines are judged from facts that were read before. */
export interface Check {
  /** File name. */
  readonly id: string;
  readonly topic: Topic;
  /** What must be so, and why, in a sentence or two: the row in docs/doctor.md. */
  readonly about: string;
  readonly run: (facts: DoctorFacts) => readonly CheckLine[];
}

export function defineCheck(check: Check): Check {
  return check;
}
