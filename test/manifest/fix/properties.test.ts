import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainYaml } from '../../../components/kernel/yaml-positions.ts';
import { type Examined, examineText } from '../../../components/manifest/examine.ts';
import { fixText } from '../../../components/manifest/fix/fix-text.ts';
import { fixers } from '../../../components/manifest/fix/fixers.gen.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';

/** What can go wrong at one place, as lines of a manifest. */
const parts = {
  level: ['autonomous', 'Autonomous', 'semi-autonomous', 'automatic'],
  tool: ['type: mcp', 'type: scanner', 'endpoint: https://example.org', 'parameters: {}', 'x: 1'],
  iterations: ['3', '"3"', 'three', '3.5'],
  signal: ['complete', 'Complete', 'completed', 'done', '"continue"'],
  enabled: ['true', '"true"', 'on', 'maybe'],
  capability: ['search', 'read_file', '{ name: x, type: tool }', '{ name: X Y, type: tool }', '7'],
} as const;

const manifest = fc
  .record({
    version: fc.constantFrom('ossa/v0.3.5', 'ossa/v0.4', 'v0.4', 'ossa/v0.4.9'),
    newline: fc.constantFrom('\n', '\r\n'),
    comment: fc.constantFrom('', ' # why', ' # "quoted": [x'),
    level: fc.constantFrom(...parts.level),
    tools: fc.array(fc.constantFrom(...parts.tool), { maxLength: 3 }),
    iterations: fc.constantFrom(...parts.iterations),
    signal: fc.constantFrom(...parts.signal),
    enabled: fc.constantFrom(...parts.enabled),
    capabilities: fc.array(fc.constantFrom(...parts.capability), { maxLength: 3 }),
    message: fc.boolean(),
  })
  .map((one) =>
    [
      `apiVersion: ${one.version}`,
      'kind: Agent',
      'metadata:',
      `  name: a${one.comment}`,
      ...(one.message ? ['  taxonomy: { domain: security }'] : []),
      'spec:',
      '  role: |',
      '    text: with # no comment',
      '',
      '    more',
      '  autonomy:',
      `    level: ${one.level}${one.comment}`,
      `  completion: { max_iterations: ${one.iterations}, signals: [{ signal: ${one.signal} }] }`,
      '  checkpointing:',
      `    enabled: ${one.enabled}`,
      ...(one.tools.length > 0 ? ['  tools:'] : []),
      ...one.tools.flatMap((tool, index) => [`    - name: t${index}${one.comment}`, `      ${tool}`]),
      ...(one.capabilities.length > 0 ? ['    - type: mcp', '      capabilities:'] : []).map((line, index) =>
        one.tools.length === 0 && index === 0 ? `  tools:\n${line}` : line,
      ),
      ...one.capabilities.map((name) => `        - ${name}${one.comment}`),
      '',
    ].join(one.newline),
  );

/** Of a file that cannot be read nothing else is known: any file that can is better. */
function errorsOf(text: string, examined: Examined): number {
  if (!examined.readable) return 1_000_000 + explainYaml(text, 'manifest', examined.problems).length;
  return examined.issues.filter(({ issue }) => issue.code.severity === 'error').length;
}

function commentsOf(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => / # (why|"quoted": \[x)$/.exec(line)?.[0] ?? []);
}

async function expectMended(before: string) {
  const first = await examineText(before, rules);
  const { text, fixed, examined } = await fixText(before, fixers, rules);
  if (fixed.length === 0) expect(text).toBe(before);
  else {
    const [was, is] = [errorsOf(before, first), errorsOf(text, examined)];
    if (was > 0) expect(is).toBeLessThan(was);
    else expect(is).toBe(0);
  }
  const again = await fixText(text, fixers, rules);
  expect(again.text).toBe(text);
  expect(again.fixed).toEqual([]);
  return { text, fixed, first };
}

test('mending twice is mending once, with fewer errors; comments, lines ends and texts stay', async () => {
  await fc.assert(
    fc.asyncProperty(manifest, async (before) => {
      const { text, first } = await expectMended(before);
      if (first.readable && first.issues.length === 0) expect(text).toBe(before);
      expect(commentsOf(text).length).toBe(commentsOf(before).length);
      expect(/\r\n/.test(text)).toBe(/\r\n/.test(before));
      expect(text.includes('\n') && /[^\r]\n/.test(text)).toBe(/[^\r]\n/.test(before));
      expect(text).toContain('    text: with # no comment');
    }),
    { numRuns: 60 },
  );
}, 120_000);

const data = resolve('../shared/data/ossa/manifests');

describe.skipIf(!existsSync(data))('real manifests (skipped where ../shared/data/ossa is absent)', () => {
  test.each(existsSync(data) ? readdirSync(data) : [])('%s', async (file) => {
    const before = readFileSync(join(data, file), 'utf8');
    const { text, fixed, first } = await expectMended(before);
    if (first.readable && first.issues.length === 0) expect(text).toBe(before);
    // What is no change of a line is the line as it was.
    const lines = new Set(text.split('\n').map((line) => line.trim()));
    const gone = before.split('\n').filter((line) => !lines.has(line.trim()));
    expect(gone.length).toBeLessThanOrEqual(fixed.length * 120);
  });
});
