// Payloads of others: injections that were published, as a whole note and in the places of one.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sanitised, sanitisedLine } from './sanitised.ts';

const folder = resolve('../shared/data/security');
const isHere = existsSync(folder);

/** All texts of a JSON value. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const places: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `Looks good.\n${text}`,
  (text) => `> ${text}`,
  (text) => `- ${text}`,
  (text) => `| a |\n|---|\n| ${text} |`,
  (text) => `\`${text}\``,
  (text) => `\`\`\`\n${text}\n\`\`\``,
  (text) => `\`\`\`\n${text}`,
  (text) => `[${text}](${text})`,
  (text) => `<!-- ${text} -->`,
  (text) => `/label ~"${text}"`,
];

describe.skipIf(!isHere)('payloads (skipped where ../shared/data/security is absent)', () => {
  test.each(isHere ? globSync('**/*.json', { cwd: folder }).sort() : [])('%s', (file) => {
    const texts = textsOf(JSON.parse(readFileSync(join(folder, file), 'utf8')));
    expect(texts).not.toHaveLength(0);
    for (const text of texts) {
      for (const place of places) sanitised(place(text));
      sanitisedLine(text);
    }
  });
});
