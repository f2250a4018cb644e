import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { renderFindings } from '../../../components/twin/render/findings.ts';

// A code is part of what users see and filter by: each must stand, spelled out, in what a test here expects.
test.each(Object.values(renderFindings).map((finding) => finding.code))(
  '%s is expected by a test',
  (code) => {
    const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
    const expected = files.filter((file) => /expected[^/]*$|(interpolate|inputs)\.test\.ts$/.test(file));
    const texts = expected.map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));
    expect(texts.some((text) => text.includes(code))).toBe(true);
  },
);
