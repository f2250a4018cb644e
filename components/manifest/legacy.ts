// OSSA 0.1.9 had two shapes that share no field with what came after. They are told apart and explained, not
// checked: whatever a schema said about them would be beside the point.
import { shown } from '../kernel/schema-terms.ts';
import { isData } from './read-data.ts';
import type { RuleIssue } from './rule.ts';
import type { Data } from './types.ts';

/**
 * `typed`: apiVersion, kind, metadata and spec, with type, subtype, protocols, conformance in spec. `flat`:
 * ossaVersion and agent, which holds all the rest; it also calls itself 1.0.
 */
export type LegacyShape = 'typed' | 'flat';

// Written in the wild: ossa/v0.1.9, @ossa/v0.1.9, @bluefly/ossa/v0.1.9.
const legacyVersion = /^(@?[a-z]{1,40}\/)?@?ossa\/v?0\.1(\.[0-9]{1,4})?(-[0-9a-z.]{1,40})?$/i;

const legacyTypes = new Set(
  'orchestrator worker critic judge trainer governor monitor integrator voice'.split(' '),
);

/** Whether an apiVersion names a release of 0.1. */
export function isLegacyVersion(apiVersion: string): boolean {
  return legacyVersion.test(apiVersion);
}

/** Which shape of OSSA 0.1.9 a document has, also where it says no version; undefined for every other document. */
export function legacyShape(document: Data): LegacyShape | undefined {
  const { apiVersion, ossaVersion, spec } = document;
  if (typeof apiVersion === 'string') return isLegacyVersion(apiVersion) ? 'typed' : undefined;
  if (apiVersion !== undefined) return undefined;
  // With kind and spec beside it, it is apiVersion under the name early tools gave it.
  if (ossaVersion !== undefined && (document.kind === undefined || isData(document.agent))) return 'flat';
  return isData(spec) && isTyped(spec) ? 'typed' : undefined;
}

// Later versions have a type too, and four of the same words for it, so the type alone says nothing.
function isTyped(spec: Data): boolean {
  const [type = '', subtype] = String(spec.type).slice(0, 100).split('.');
  const own = [subtype, spec.subtype, spec.conformance, spec.budgets];
  return legacyTypes.has(type) && own.some((value) => value !== undefined);
}

/** What is said about such a document, and nothing else is. */
export function explainLegacy(document: Data, shape: LegacyShape): RuleIssue {
  const rest = {
    expected: 'a manifest of OSSA 0.2.9 or later: apiVersion, kind, metadata, spec',
    fix: 'pipewright migrate --to ossa/v0.3.5 rewrites it.',
  };
  if (shape === 'flat') {
    const version = shown(document.ossaVersion);
    const message = `ossaVersion is ${version}: this is the format of OSSA 0.1.9 that has ossaVersion and agent`;
    return { path: ['ossaVersion'], message, got: version, ...rest };
  }
  const format = 'this is the format of OSSA 0.1.9 that has type and conformance in spec';
  if (document.apiVersion === undefined) {
    return { path: ['spec', 'type'], message: `apiVersion is missing, and ${format}`, ...rest };
  }
  const version = shown(document.apiVersion);
  return { path: ['apiVersion'], message: `apiVersion is ${version}: ${format}`, got: version, ...rest };
}
