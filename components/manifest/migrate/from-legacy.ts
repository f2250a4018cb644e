import { stringify } from 'yaml';
import { valueAt } from '../../kernel/place.ts';
import type { LegacyShape } from '../legacy.ts';
import { isData, textAt } from '../read-data.ts';
import type { Data } from '../types.ts';
import type { Change } from './change.ts';

export interface Rewritten {
  /** A manifest of OSSA 0.4. */
  readonly text: string;
  readonly changes: readonly Change[];
}

/** The version a manifest of 0.1.9 is written in first; from there it goes where it shall. */
export const rewrittenIn = 'ossa/v0.4';

/**
 * Writes a manifest of OSSA 0.1.9 anew: its fields share no place with what came after. What the later format has a field for
 * goes there; the rest is kept among `extensions.ossa_v0_1` as it was, since nothing says what it should become.
 */
export function fromLegacy(document: Data, shape: LegacyShape): Rewritten {
  const changes: Change[] = [];
  const { metadata, spec, rest } =
    shape === 'flat' ? fromFlat(document, changes) : fromTyped(document, changes);
  const kept = Object.keys(rest).length === 0 ? {} : { extensions: { ossa_v0_1: rest } };
  for (const name of Object.keys(rest)) {
    changes.push({
      kind: 'moved',
      path: `extensions.ossa_v0_1.${name}`,
      says: `${name} has no place in later versions`,
    });
  }
  const manifest = { apiVersion: rewrittenIn, kind: 'Agent', metadata, spec, ...kept };
  changes.push({ kind: 'assumed', path: 'kind', says: 'Agent: 0.1.9 had no other' });
  changes.push({ kind: 'dropped', path: '', says: 'comments: the file is written anew' });
  return { text: stringify(manifest, { lineWidth: 100, version: '1.2' }), changes };
}

interface Parts {
  readonly metadata: Data;
  readonly spec: Data;
  readonly rest: Data;
}

function fromFlat(document: Data, changes: Change[]): Parts {
  const agent = isData(document.agent) ? document.agent : {};
  const { id, name, version, description, role, tags, capabilities, metadata, policies, bridge, ...rest } =
    agent;
  const { ossaVersion: _, agent: __, ...beside } = document;
  const title =
    typeof name === 'string' ? { annotations: { title: name, ...textsOf(metadata) } } : annotations(metadata);
  const words = Array.isArray(tags)
    ? { catalog: { tags: tags.filter((tag) => typeof tag === 'string') } }
    : {};
  return {
    metadata: {
      ...named(id ?? name, changes),
      ...version019(version, changes),
      ...said({ description }),
      ...title,
      ...words,
    },
    spec: {
      role: roleOf(role, description, changes),
      ...toolsOf(capabilities, changes),
      ...complianceOf(policies, changes),
    },
    rest: { ...beside, ...said({ policies, bridge }), ...rest },
  };
}

function fromTyped(document: Data, changes: Change[]): Parts {
  const spec = isData(document.spec) ? document.spec : {};
  const metadata = isData(document.metadata) ? document.metadata : {};
  const { capabilities, description, role, ...rest } = spec;
  const { name, version, description: about, labels, annotations: notes, ...others } = metadata;
  const { apiVersion: _, kind: __, metadata: ___, spec: ____, ...beside } = document;
  return {
    metadata: {
      ...named(name, changes),
      ...version019(version, changes),
      ...said({ description: about ?? description }),
      ...(isData(labels) ? { labels: textsOf(labels) } : {}),
      ...(isData(notes) ? { annotations: textsOf(notes) } : {}),
    },
    spec: { role: roleOf(role, about ?? description, changes), ...toolsOf(capabilities, changes) },
    rest: { ...beside, ...(Object.keys(others).length > 0 ? { metadata: others } : {}), ...rest },
  };
}

function named(given: unknown, changes: Change[]): Data {
  const text = typeof given === 'string' ? given : 'agent';
  const slug =
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 253) || 'agent';
  if (slug !== given)
    changes.push({ kind: 'assumed', path: 'metadata.name', says: `${slug}: names have this form now` });
  return { name: slug };
}

function version019(given: unknown, changes: Change[]): Data {
  if (typeof given === 'string' && /^\d+\.\d+\.\d+/.test(given)) return { version: given };
  changes.push({ kind: 'added', path: 'metadata.version', says: '0.1.0: there was none' });
  return { version: '0.1.0' };
}

/** An agent needs to be told what it is: 0.1.9 had one word for it, or nothing. */
function roleOf(role: unknown, description: unknown, changes: Change[]): string {
  const words = [role, description].filter((text) => typeof text === 'string' && text.trim() !== '');
  if (words.length === 0) {
    changes.push({ kind: 'added', path: 'spec.role', says: 'a sentence to be replaced: there was none' });
    return 'Describe here what this agent does, and what it must not do.';
  }
  changes.push({
    kind: 'assumed',
    path: 'spec.role',
    says: 'from the role and the description: there were no instructions',
  });
  return words.join(': ');
}

/** A capability was something an agent offers, with schemas: a function, as tools are written now. */
function toolsOf(capabilities: unknown, changes: Change[]): Data {
  if (!Array.isArray(capabilities) || capabilities.length === 0) return {};
  const tools = capabilities.flatMap((capability) => {
    if (typeof capability === 'string') return [{ type: 'function', name: capability }];
    const name = textAt(capability, ['name']) ?? textAt(capability, ['domain']) ?? textAt(capability, ['id']);
    return isData(capability) && name !== undefined ? [{ type: 'function', ...capability, name }] : [];
  });
  changes.push({
    kind: 'moved',
    path: 'spec.tools',
    says: `${tools.length} capabilities became tools of the type function`,
  });
  const lost = capabilities.length - tools.length;
  if (lost > 0)
    changes.push({ kind: 'dropped', path: 'spec.tools', says: `${lost} capabilities without a name` });
  return { tools };
}

const frameworks = ['SOC2', 'HIPAA', 'GDPR', 'FedRAMP', 'PCI-DSS', 'ISO27001'];

function complianceOf(policies: unknown, changes: Change[]): Data {
  const given = valueAt(policies, ['compliance']);
  if (!Array.isArray(given)) return {};
  const plain = (text: unknown) =>
    String(text)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '');
  const known = frameworks.filter((framework) => given.some((item) => plain(item) === plain(framework)));
  if (known.length === 0) return {};
  changes.push({ kind: 'moved', path: 'spec.compliance.frameworks', says: known.join(', ') });
  return { compliance: { frameworks: known } };
}

function annotations(metadata: unknown): Data {
  const texts = textsOf(metadata);
  return Object.keys(texts).length === 0 ? {} : { annotations: texts };
}

function textsOf(data: unknown): Record<string, string> {
  const entries = Object.entries(isData(data) ? data : {});
  return Object.fromEntries(
    entries.flatMap(([key, value]): [string, string][] => {
      if (Array.isArray(value)) return [[key, value.map(String).join(', ')]];
      return typeof value === 'object' ? [] : [[key, String(value)]];
    }),
  );
}

function said(values: Data): Data {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
