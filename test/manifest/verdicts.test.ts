// The product's own verdicts on real manifests, through the compiled and split schemas, against those of upstream's
// schemas. The data lies beside the repository; without it there is nothing to compare with.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkText } from '../../components/manifest/check.ts';
import { rules } from '../../components/manifest/rules.gen.ts';
import { needsUpstream, readVerdicts, UPSTREAM, upstreamIsHere } from './ossa-upstream.ts';

describe.skipIf(!upstreamIsHere)(`verdicts${needsUpstream}`, () => {
  test('every manifest has one', () => {
    const files = readVerdicts().map(([file]) => file);
    expect(files.sort()).toEqual(readdirSync(join(UPSTREAM, 'manifests')).sort());
    expect(files).toHaveLength(42);
  });

  test.each(readVerdicts())('%s is %s', async (file, verdict) => {
    const text = readFileSync(join(UPSTREAM, 'manifests', file), 'utf8');
    const { structure, findings } = await checkText(file, text, rules);
    expect(structure).toBe(verdict);
    for (const { line, column, message } of findings) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(message).not.toBe('');
    }
  });
});
