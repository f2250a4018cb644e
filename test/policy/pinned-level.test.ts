import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { Failures } from '../../components/kernel/failure.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { parseNamedLevels } from '../../components/policy/named-level.ts';
import {
  type PinnedLevel,
  parsePinnedLevels,
  renderPinnedLevel,
} from '../../components/policy/pinned-level.ts';

const digest = `sha256:${'0a'.repeat(32)}`;
const good = `security=acme/policies:dist/policies.bundle.json@v1.2.0#${digest}`;

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
const word = (more: string) =>
  fc
    .tuple(letter, fc.array(fc.constantFrom(...`abcXYZ019${more}`), { maxLength: 8 }))
    .map(([first, rest]) => `${first}${rest.join('')}`);
const path = (more: string, least: number) =>
  fc.array(word(more), { minLength: least, maxLength: 3 }).map((parts) => parts.join('/'));
const level: fc.Arbitrary<PinnedLevel> = fc.record({
  name: word('-').map((text) => `x${text.toLowerCase()}`),
  project: path('_-', 2),
  file: path('_-', 1).map((text) => `${text}.json`),
  tag: path('+_-', 1),
  digest: fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 })
    .map((hex) => `sha256:${hex.join('')}`),
});

test('what is written is read again, in its order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(level, { selector: ({ name }) => name, maxLength: 4 }), (levels) => {
      expect(parsePinnedLevels(levels.map(renderPinnedLevel))).toEqual(levels);
    }),
  );
});

/** GitLab's own guard, of each component. */
const guards = ['apply', 'run', 'gate'].map((id) => {
  const parsed = parseYaml(readFileSync(`templates/${id}/template.yml`, 'utf8'), 'gitlab');
  const [header] = parsed.ok ? parsed.documents : [];
  return RE2JS.compile(
    (header as { spec: { inputs: { levels: { regex: string } } } }).spec.inputs.levels.regex,
  );
});

test('the component lets through what the command reads, and nothing that could leave its place in a script', () => {
  fc.assert(
    fc.property(fc.array(level, { maxLength: 4 }), (levels) => {
      const text = levels.map(renderPinnedLevel).join(' ');
      for (const guard of guards) expect(guard.matcher(text).matches()).toBe(true);
    }),
  );
  fc.assert(
    fc.property(fc.nat(good.length), fc.constantFrom(...'\'"$`;|&<>()\n\t\\*?! '), (at, odd) => {
      for (const guard of guards)
        expect(guard.matcher(good.slice(0, at) + odd + good.slice(at)).matches()).toBe(false);
    }),
  );
});

describe('what is no level', () => {
  test.each([
    ['nothing', '', /expected name=group\/project:policies\.bundle\.json@v1\.2\.0#sha256:/],
    ['no digest', good.replace(/#.*/, ''), /expected name=/],
    ['a digest that is cut', good.slice(0, -1), /expected name=/],
    ['a digest in capitals', good.replace('0a', '0A'), /expected name=/],
    ['another algorithm', good.replace('sha256', 'sha512'), /expected name=/],
    ['no tag', good.replace('@v1.2.0', ''), /expected name=/],
    ['a project without a group', good.replace('acme/policies', 'policies'), /expected name=/],
    ['a number for a project', good.replace('acme/policies', '12'), /expected name=/],
    ['a file that is no bundle', good.replace('.json', '.yaml'), /expected name=/],
    ['a way out of the repository', good.replace('dist/', '../'), /no path from the root of a repository/],
    ['a folder without a name', good.replace('dist/', 'dist//'), /no path from the root of a repository/],
    ['a range for a tag', good.replace('v1.2.0', 'v1..v2'), /no name of a tag/],
    ['a name of ours', good.replace('security', 'default'), /the name default is taken/],
    [
      'the name of the organisation',
      good.replace('security', 'organisation'),
      /the name organisation is taken/,
    ],
    ['the name of the project', good.replace('security', 'project'), /the name project is taken/],
    ['a line more', `${good}\n`, /expected name=/],
  ])('%s', (_, text, words) => {
    const parse = () => parsePinnedLevels([text]);
    expect(parse).toThrow(expect.objectContaining({ code: 'POLICY_LEVEL_INVALID', exitCode: 2 }));
    expect(parse).toThrow(words);
  });

  test('every one that is wrong is told, and a name that comes twice', () => {
    expect(() => parsePinnedLevels([good, 'x', good])).toThrow(Failures);
    expect(() => parsePinnedLevels([good, 'x', good])).toThrow(
      /expected name=[\s\S]*security is given twice/,
    );
  });
});

test('a level of a folder or a file', () => {
  expect(parseNamedLevels(['security=a/b.json', 'data=policies'])).toEqual([
    { name: 'security', from: 'a/b.json' },
    { name: 'data', from: 'policies' },
  ]);
  expect(() => parseNamedLevels(['policies'])).toThrow(/expected name=folder or name=bundle\.json/);
  expect(() => parseNamedLevels(['a=b', 'a=c'])).toThrow(/given twice/);
});
