// The product's own verdicts on real manifests, through the compiled and split schemas, against those of upstream's
// schemas. The data lies beside the repository; without it there is nothing to compare with.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkText } from '../../components/manifest/check.ts';
import { rules } from '../../components/manifest/rules.gen.ts';

const data = resolve('../shared/data/ossa');
const isHere = existsSync(join(data, 'verdicts.csv'));
const notYet = ['OSSA_VERSION_UNSUPPORTED', 'OSSA_KIND_UNSUPPORTED'];

describe.skipIf(!isHere)('verdicts (skipped where ../shared/data/ossa is absent)', () => {
  const verdicts = new Map(
    (isHere ? readFileSync(join(data, 'verdicts.csv'), 'utf8') : '')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',') as string[])
      .map((cells) => [cells[0] ?? '', cells[5] ?? '']),
  );

  test.each(isHere ? readdirSync(join(data, 'manifests')) : [])('%s', async (file) => {
    const text = readFileSync(join(data, 'manifests', file), 'utf8');
    const { structure, findings } = await checkText(file, text, rules);
    const unchecked = findings.filter(({ code }) => notYet.includes(code));
    // What is not checked yet may be valid, and is refused all the same.
    expect(structure).toBe(unchecked.length > 0 ? 'invalid' : verdicts.get(file));
    for (const { line, column, message } of findings) {
      expect(line).toBeGreaterThan(0);
      expect(column).toBeGreaterThan(0);
      expect(message).not.toBe('');
    }
  });
});
