import { distance } from 'fastest-levenshtein';
import { renderPath, valueAt } from '../../kernel/place.ts';
import { isData } from '../read-data.ts';
import { defineRule } from '../rule.ts';

/** Extensions in name only: OSSA reads them from the spec. */
const inSpec = ['completion', 'checkpointing'];

/** The extensions of 0.3.5, then those of frameworks, as the keys of schemas/ossa/extensions. */
const known = [
  ...['experts', 'moe', 'bat', 'capabilities', 'feedback', 'infrastructure', ...inSpec],
  ...['a2a', 'agents_md', 'autogen', 'autogpt', 'bedrock', 'crewai', 'dify', 'drupal', 'haystack'],
  ...['instructor', 'kagent', 'kubernetes', 'langchain', 'langflow', 'langgraph', 'llamaindex', 'llms_txt'],
  ...['mcp', 'metagpt', 'openai_assistants', 'openai_swarm', 'phidata', 'pydantic_ai', 'semanticKernel'],
  ...['skills', 'smolagents', 'vercel_ai', 'vertexai', 'knowledge_sources', 'code_compliance'],
];
const exact: ReadonlySet<string> = new Set(known);

/** What else people call them: in each case the meaning leaves one name. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['expert', 'experts'],
  ['mixtureofexperts', 'experts'],
  ['measureofeffectiveness', 'moe'],
  ['moemetrics', 'moe'],
  ['batframework', 'bat'],
  ['completions', 'completion'],
  ['completionsignals', 'completion'],
  ['checkpoint', 'checkpointing'],
  ['checkpoints', 'checkpointing'],
  ['capability', 'capabilities'],
  ['capabilitydiscovery', 'capabilities'],
  ['feedbackloop', 'feedback'],
  ['feedbackloops', 'feedback'],
  ['infra', 'infrastructure'],
  ['infrastructuresubstrate', 'infrastructure'],
]);

/** Names shorter than this are near to too many others: only their spelling is compared. */
const shortestForSlips = 6;

export const rule = defineRule({
  id: 'extension-name-near',
  severity: 'warning',
  about:
    'The name of an extension is almost one that OSSA has, such as `expert` for `experts`. Any name is allowed there, so ' +
    'nothing would read it and nobody would say so.',
  check: ({ data }) =>
    [['extensions'], ['spec', 'extensions']].flatMap((path) => {
      const extensions = valueAt(data, path);
      if (!isData(extensions)) return [];
      return Object.keys(extensions).flatMap((key) => {
        const near = nearName(key);
        if (near === undefined) return [];
        const place = [...path, key];
        const message = `${renderPath(place)} is no extension that OSSA has`;
        const wants = Object.hasOwn(extensions, near) ? {} : { wants: { names: [near] } };
        const meant = inSpec.includes(near) ? { expected: `spec.${near}` } : { suggestion: near, ...wants };
        return [{ path: place, target: 'key' as const, message, got: key, ...meant }];
      });
    }),
});

/** The extension a name is a slip of: another style of letters, a known other name, or one letter off. */
function nearName(name: string): string | undefined {
  if (exact.has(name) || name.length > 64) return undefined;
  const written = plain(name);
  const same = known.find((candidate) => plain(candidate) === written) ?? aliases.get(written);
  if (same !== undefined || written.length < shortestForSlips) return same;
  return known.find((candidate) => distance(plain(candidate), written) === 1);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, '');
}
