import { withoutControls } from '../../kernel/log.ts';
import { valueAt } from '../../kernel/place.ts';
import { isData } from '../read-data.ts';
import {
  anyAt,
  extension,
  isMeasures,
  isMixture,
  isName,
  onAt,
  protocolPlaces,
  protocolValues,
  speaks,
} from './places.ts';

export type FeatureId =
  | 'completion'
  | 'checkpointing'
  | 'state'
  | 'experts'
  | 'moe'
  | 'bat'
  | 'capabilities'
  | 'feedback'
  | 'infrastructure'
  | 'flow'
  | 'identity'
  | 'access-tier'
  | 'a2a'
  | 'mcp'
  | 'token-efficiency';

/** Something OSSA lets a manifest use. */
export interface Feature {
  readonly id: FeatureId;
  readonly title: string;
  /** The places that say so, as people write them. */
  readonly where: readonly string[];
  /** Whether one document uses it, whatever its version, kind and structure; never throws. */
  readonly detect: (document: unknown) => boolean;
}

/** Holds for every feature; docs and help show it. */
export const aboutFeatures =
  'A feature counts as used where a document of the manifest says anything of it, right or wrong, in any place a ' +
  'version of OSSA has for it. What is empty or switched off (`enabled: false`) does not count.';

/** Places as values of which something else than their mere presence tells. */
interface Further {
  readonly where?: readonly string[];
  readonly detect?: (document: unknown) => boolean;
  /** Whether a value at one of the places is something else. */
  readonly unless?: (value: unknown) => boolean;
}

function feature(id: FeatureId, title: string, places: readonly string[], further: Further = {}): Feature {
  const { where = [], detect = () => false, unless = () => false } = further;
  const isUsed = onAt(places, (value) => !unless(value));
  return {
    id,
    title,
    where: [...places, ...where],
    detect: (document) => isUsed(document) || detect(document),
  };
}

const tierNames = ['spec.identity.access_tier', 'security.tier'];

/** Every feature, in the order people read them. */
export const features: readonly Feature[] = [
  feature('completion', 'Completion signals', ['spec.completion', ...extension('completion')]),
  feature('checkpointing', 'Checkpointing', ['spec.checkpointing', ...extension('checkpointing')]),
  feature('state', 'State and context window', ['spec.state', 'state_management']),
  feature('experts', 'Mixture of experts', extension('experts'), {
    where: ['extensions.moe, where it holds a registry'],
    detect: onAt(extension('moe'), isMixture),
    unless: isMeasures,
  }),
  feature('moe', 'Measures of effectiveness (MOE)', extension('moe'), {
    where: ['extensions.experts, where it holds a primary measure'],
    detect: onAt(extension('experts'), isMeasures),
    unless: isMixture,
  }),
  feature('bat', 'Best available technology (BAT)', extension('bat')),
  feature('capabilities', 'Capability discovery', extension('capabilities'), {
    // A list of names says what the agent can do, and discovers nothing.
    unless: (value) => !isData(value) || valueAt(value, ['discovery', 'enabled']) === false,
  }),
  feature('feedback', 'Feedback loops', extension('feedback')),
  feature('infrastructure', 'Infrastructure substrate', [
    'spec.infrastructure',
    'infrastructure',
    ...extension('infrastructure'),
  ]),
  feature('flow', 'Flow', extension('flow'), {
    where: ['kind: Flow'],
    detect: anyAt(['kind'], (value) => value === 'Flow'),
  }),
  feature('identity', 'Identity', [
    'spec.identity',
    'spec.principal',
    'metadata.identity',
    'metadata.decentralized_identity',
    'metadata.idCard',
  ]),
  feature('access-tier', 'Access tier', ['spec.access', 'spec.access_tier'], {
    where: tierNames,
    detect: anyAt([...tierNames, 'spec.access_tier'], isName),
  }),
  feature(
    'a2a',
    'A2A (agent to agent)',
    [...protocolPlaces('a2a'), 'spec.communication.a2a', 'spec.streaming.a2a'],
    {
      where: protocolValues('a2a'),
      detect: speaks('a2a'),
    },
  ),
  feature(
    'mcp',
    'MCP (Model Context Protocol)',
    [...protocolPlaces('mcp'), 'spec.dependencies.mcp', ...extension('kagent.mcpServers')],
    {
      where: protocolValues('mcp'),
      detect: speaks('mcp'),
    },
  ),
  feature('token-efficiency', 'Token efficiency', [
    'token_efficiency',
    'spec.token_efficiency',
    ...extension('token_efficiency'),
  ]),
];

/** The features that at least one document of a manifest uses, in the order of `features`. */
export function detectFeatures(documents: readonly unknown[]): readonly FeatureId[] {
  return features.filter(({ detect }) => documents.some(detect)).map(({ id }) => id);
}

export interface ManifestFeatures {
  /** Relative to the working directory. */
  readonly path: string;
  /** Undefined for a file that could not be read as YAML. */
  readonly features: readonly FeatureId[] | undefined;
}

const widestPath = 60;

/** How many manifests use each feature, `completion 2, mcp 1`; empty where none uses any. */
export function countFeatures(
  manifests: readonly { readonly features?: ManifestFeatures['features'] }[],
): string {
  const counts = features.flatMap(({ id }) => {
    const count = manifests.filter((manifest) => manifest.features?.includes(id)).length;
    return count === 0 ? [] : [`${id} ${count}`];
  });
  return counts.join(', ');
}

/** A table of one line a manifest, and below it how many use each feature. Paths are text of strangers. */
export function renderFeatures(manifests: readonly ManifestFeatures[]): string {
  const rows = manifests.map((manifest) => ({
    path: withoutControls(manifest.path).replace(/[\t\n]/g, ' '),
    used: manifest.features === undefined ? '(not read)' : manifest.features.join(' ') || '-',
  }));
  const width = rows.reduce((widest, { path }) => Math.max(widest, Math.min(path.length, widestPath)), 0);
  const lines = rows.map(({ path, used }) => `${path.padEnd(width)}  ${used}`);
  const total = `${manifests.length} ${manifests.length === 1 ? 'manifest' : 'manifests'}`;
  return `${[...lines, `${total}: ${countFeatures(manifests) || 'no features'}`].join('\n')}\n`;
}
