import { existsSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blueprints } from '../../../scripts/dev/new/blueprints.ts';

describe.each(Object.keys(blueprints))('npm run new -- %s', (kind) => {
  const files = Object.entries(blueprints[kind]?.('my-thing') ?? {});

  test('writes the thing and its test', () => {
    expect(files.map(([path]) => path.split('/')[0])).toContain('test');
    expect(files).toHaveLength(2);
  });

  test.each(files)(
    '%s is TypeScript, in a folder that exists, with imports that lead somewhere',
    (path, text) => {
      expect(() => stripTypeScriptTypes(text)).not.toThrow();
      expect(existsSync(dirname(path))).toBe(true);
      for (const [, target = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
        const file = join(dirname(path), target);
        expect(existsSync(file) || files.some(([other]) => other === file), file).toBe(true);
      }
    },
  );

  test('names the thing by its id', () => {
    expect(files[0]?.[1]).toContain("id: 'my-thing'");
  });
});
