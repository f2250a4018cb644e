import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviationOf, deviations } from '../../components/manifest/deviations.ts';
import { checkStructure } from '../../components/manifest/structure.ts';
import type { Kind } from '../../components/manifest/types.ts';
import { knownVersions } from '../../components/manifest/versions.ts';
import { minimal, type Schema } from './ossa-documents.ts';
import { needsUpstream, upstreamIsHere, upstreamJudge } from './ossa-upstream.ts';

describe('deviations', () => {
  it.each(deviations)('$id is given where $example is refused', async ({ id, path, example }) => {
    const { issues } = await checkStructure(minimal(example, 'Agent'), 0);
    expect(issues.map((issue) => [issue.path, issue.deviation])).toEqual([[[path], id]]);
  });

  it.each([
    ['ossa/v0.4.6!!', 'Agent', 'version-fragment'],
    ['!!! evil.io/v9', 'Task', 'version-fragment'],
    ['ossa/v0.4\u0024{PATCH}', 'Agent', 'version-fragment'],
    ['@bluefly/ossa/v0.1.9', 'Agent', 'version-legacy'],
    ['example.org/v1', 'Agent', 'version-unpublished'],
    ['ossa/v0.3.5-rc.1.2', 'Agent', 'version-unpublished'],
    ['ossa/v9', 'Skill', 'version-unpublished'],
    ['ossa/v0.1.9', 'Skill', 'version-legacy'],
    // What OSSA refuses as well.
    ['banana', 'Agent', undefined],
    ['ossa/\u0024{OSSA_VERSION}', 'Agent', undefined],
    ['ossa/v0.2.9-rc.1.2', 'Agent', undefined],
    ['ossa/v0.4.6!!', 'Skill', undefined],
    ['ossa/v9', 'Validator', undefined],
    // Too long to ask.
    [`ossa/v0.4${'!'.repeat(200)}`, 'Agent', undefined],
  ])('%s of a %s: %s', (apiVersion, kind, id) => {
    expect(deviationOf({ apiVersion, kind })).toBe(id);
  });

  it.each([undefined, null, 0.4, ['ossa/v0.4'], {}])('%s is refused by OSSA too', (apiVersion) => {
    expect(deviationOf({ apiVersion, kind: 'Agent' })).toBeUndefined();
  });

  it.each(knownVersions)('%s is no deviation', (apiVersion) => {
    expect(deviationOf({ apiVersion, kind: 'Agent' })).toBeUndefined();
  });

  it('each has an id and an example of its own, and a reason', () => {
    expect(new Set(deviations.map(({ id }) => id)).size).toBe(deviations.length);
    for (const { reason } of deviations) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  });

  it.skipIf(!upstreamIsHere)(`is given where upstream's own pattern takes the text${needsUpstream}`, () => {
    const piece = fc.constantFrom(
      ...[
        'ossa',
        'ossa.io',
        '/v',
        '0',
        '1',
        '.',
        '2',
        '3',
        '4',
        '5',
        '6',
        '7',
        '-',
        'dev',
        'rc',
        '!',
        '@',
        '\u0024{X}',
      ],
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
      fc.array(piece, { maxLength: 6 }).map((pieces) => `ossa/v0.${pieces.join('')}`),
      fc.array(piece, { maxLength: 3 }).map((pieces) => `ossa/v0.3.5${pieces.join('')}`),
    );
    const kind = fc.constantFrom<Kind>('Agent', 'Task', 'Flow', 'Skill', 'Validator');
    fc.assert(
      fc.asyncProperty(text, kind, async (apiVersion, kind) => {
        const { schema } = upstreamJudge({ apiVersion, kind });
        const { pattern, const: only } = (schema.properties as Record<string, Schema>).apiVersion ?? {};
        const taken = only === undefined ? new RegExp(String(pattern)).test(apiVersion) : apiVersion === only;
        const { issues } = await checkStructure({ apiVersion, kind }, 0);
        const refused = issues.find(({ path }) => path[0] === 'apiVersion');
        // Never looser: what upstream refuses we refuse. Where we are stricter, the table says so.
        if (refused === undefined) expect(taken).toBe(true);
        else expect(refused.deviation !== undefined).toBe(taken);
      }),
      { numRuns: 3000 },
    );
  });
});
