import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { nearest } from '../../kernel/suggest.ts';
import { isData, textAt } from '../read-data.ts';
import type { RuleIssue } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** The nine types of 0.1.9 with their subtypes, those of its orchestration guide included; written `worker.api`. */
const subtypesOf: ReadonlyMap<string, readonly string[]> = new Map([
  ['orchestrator', ['platform', 'workflow', 'coordination']],
  ['worker', ['api', 'data', 'compute', 'transform', 'docs', 'test', 'devops']],
  ['critic', ['quality', 'security', 'performance', 'compliance']],
  ['judge', ['arbitration', 'selection', 'ranking']],
  ['trainer', ['pattern', 'curriculum', 'feedback']],
  ['governor', ['budget', 'compliance', 'security', 'cost', 'policy', 'resource']],
  ['monitor', ['health', 'performance', 'audit']],
  ['integrator', ['registry', 'gateway', 'adapter']],
  ['voice', ['assistant', 'transcriber', 'translator', 'narrator']],
]);
const types = [...subtypesOf.keys()];

const domains = [
  ...['security', 'infrastructure', 'documentation', 'backend', 'frontend', 'data', 'agents', 'development'],
  'content',
];
const taxonomy: DataPath = ['spec', 'taxonomy'];

export const rule = defineRule({
  id: 'taxonomy-unknown',
  severity: 'warning',
  about:
    'A word of the taxonomy that OSSA does not have: a type or subtype such as `telemetry.analytics`, a domain or a ' +
    'capability where the version’s own schema does not look (0.5), or the whole taxonomy under `metadata`.',
  check: ({ data }) => [...misplaced(data), ...unknownType(data), ...unknownDomain(data)],
});

function misplaced(data: unknown): readonly RuleIssue[] {
  const path = ['metadata', 'taxonomy'];
  if (!isData(valueAt(data, path))) return [];
  const message = `${renderPath(path)} is not where OSSA has the taxonomy`;
  return [{ path, target: 'key', message, expected: 'spec.taxonomy', fix: 'Move it to spec.taxonomy.' }];
}

function unknownType(data: unknown): readonly RuleIssue[] {
  const path = ['spec', 'type'];
  const written = textAt(data, path);
  const subtype = textAt(data, ['spec', 'subtype']);
  if (written === undefined || (!written.includes('.') && subtype === undefined)) return [];
  const [type = '', ...rest] = written.split('.', 3);
  const within = rest.length > 0 ? rest.join('.') : (subtype ?? '');
  const known = subtypesOf.get(type);
  if (known === undefined) return [notOne(path, type, 'type of agent', types)];
  // Subtypes are also written with their type: `worker.api` beside `worker`.
  const bare = within.startsWith(`${type}.`) ? within.slice(type.length + 1) : within;
  if (bare === '' || known.includes(bare)) return [];
  return [notOne(rest.length > 0 ? path : ['spec', 'subtype'], bare, `subtype of ${type}`, known)];
}

/** Only in 0.5, whose schema says nothing about spec; where one does, it is an error of structure already. */
function unknownDomain(data: unknown): readonly RuleIssue[] {
  if (!textAt(data, ['apiVersion'])?.startsWith('ossa/v0.5')) return [];
  const domain = textAt(data, [...taxonomy, 'domain']);
  const capability = textAt(data, [...taxonomy, 'capability']);
  const issues: RuleIssue[] = [];
  if (domain !== undefined && !domains.includes(domain)) {
    issues.push(notOne([...taxonomy, 'domain'], domain, 'domain', domains));
  }
  if (capability !== undefined && !/^[a-z][a-z0-9_]*$/.test(capability)) {
    const path = [...taxonomy, 'capability'];
    const message = `${renderPath(path)} is "${capability}", which is no name of a capability`;
    const expected = 'lower-case letters, digits and underscores';
    const suggestion = capability.toLowerCase().replace(/[-. ]/g, '_');
    const isName = /^[a-z][a-z0-9_]*$/.test(suggestion);
    issues.push({ path, message, expected, got: capability, ...(isName ? { suggestion } : {}) });
  }
  return issues;
}

function notOne(path: DataPath, got: string, noun: string, known: readonly string[]): RuleIssue {
  const near = nearest(got, known);
  const message = `${renderPath(path)} names "${got}", which is no ${noun}`;
  const expected = `one of: ${known.join(', ')}`;
  return { path, message, expected, got, ...(near === undefined ? {} : { suggestion: near }) };
}
