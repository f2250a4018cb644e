import type { Finding } from '../../kernel/finding.ts';
import type { DocumentPlace, PolicyRequest } from '../types.ts';
import type { PolicyTestDocument } from './documents.gen.ts';

/** One case of a test, ready to be decided. */
export interface TestCase {
  /** `test: case`. */
  readonly name: string;
  readonly request: PolicyRequest;
  readonly wanted: PolicyTestDocument['spec']['cases'][number];
  readonly place: DocumentPlace;
  /** Which case of its document, from 0. */
  readonly index: number;
}

export interface ParsedTests {
  readonly cases: readonly TestCase[];
  /** Every mistake; a document with one has no cases. */
  readonly findings: readonly Finding[];
}
