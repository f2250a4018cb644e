import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { programOf } from '../../components/lint-ci/shell/program.ts';
import { commandsOf } from '../../components/lint-ci/shell/walk.ts';

/** Each command in order: its words, and in brackets what it expands, with `"` where that stays one word. */
function read(text: string): string[] {
  return [...commandsOf(text)].map(({ words, assignments, input }) => {
    const all = [...words, ...assignments.map(({ word }) => word), ...input];
    const expanded = all.flatMap(({ expansions }) =>
      expansions.map(({ name, quoted }) => (quoted ? `"${name}"` : name)),
    );
    const shown = words.map((word) => word.text).join(' ');
    return expanded.length === 0 ? shown : `${shown} [${expanded.join(' ')}]`.trim();
  });
}

test.each<readonly [string, readonly string[]]>([
  [
    'echo $A "$B" \'$C\' \\$D "\\$E" \u0024{F} "\u0024{G:-$H}"',
    ['echo $A $B $C $D $E \u0024{F} \u0024{G:-$H} [A "B" F "G" "H"]'],
  ],
  ['a;b&&c||d|e&f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
  ['if [ -n "$A" ]; then b; else c; fi', ['[ -n $A ] ["A"]', 'b', 'c']],
  ['X=$A cmd "$(inner $B)"', ['inner $B [B]', 'cmd $(inner $B) [A]']],
  ['X=`one "$A"`', ['one $A ["A"]', '']],
  ['sh -c \'eval "$A"\'', ['sh -c eval "$A"', 'eval $A ["A"]']],
  ['cat <<E | b\n$A\nE\nc', ['cat ["A"]', 'b', 'c']],
  ["cat <<'E'\n$A\nE\nc", ['cat', 'c']],
  ['cat <<-E\n\t$A\n\tE\nc', ['cat ["A"]', 'c']],
  ['echo \u0024{#A} \u0024{A@Q} $((B + 1))', ['B + 1', 'echo \u0024{#A} \u0024{A@Q} $((B + 1))']],
  ['a # $B\n# c\nd', ['a', 'd']],
  ['a > $B 2>&1 < c', ['a']],
  ['diff <(b $C) d', ['b $C [C]', 'diff (b $C) d']],
  ['a \\\n  b', ['a b']],
  ['f() { g; }', ['f', 'g']],
])('%j', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  ['sudo -u bot env A=1 timeout 60 claude -p x', 'claude -p x'],
  ['npx --yes @openai/codex@1 exec', '@openai/codex@1 exec'],
  ['pnpm dlx opencode-ai run', 'opencode-ai run'],
  ['uv tool run aider', 'aider'],
  ['/usr/local/bin/gemini -y', 'gemini -y'],
  ['nice -n 5 make', 'make'],
  ['env', undefined],
  ['A=1', undefined],
])('%s runs %s', (text, expected) => {
  const [command] = commandsOf(text);
  const program = command && programOf(command);
  // Without the version that follows the last slash of a package, as a path is shortened.
  const shown =
    program &&
    [
      program.word.text.startsWith('/') ? program.name : program.word.text,
      ...program.args.map((word) => word.text),
    ].join(' ');
  expect(shown).toBe(expected);
});

describe('any text', () => {
  const pieces = [
    '$A',
    '\u0024{B}',
    '"',
    "'",
    '`',
    '$(',
    ')',
    '(',
    '<<E',
    '\n',
    ' ',
    '|',
    ';',
    '\\',
    'x',
    '#',
    '{',
    '}',
    '<(',
    '>',
    '&',
    'sh -c ',
  ];
  const scripts = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));

  test('is read, and what is expanded stands where it is said to', () => {
    fc.assert(
      fc.property(scripts, (text) => {
        for (const { words, assignments, input } of commandsOf(text)) {
          for (const { expansions } of [...words, ...assignments.map(({ word }) => word), ...input])
            for (const one of expansions) expect(text.slice(one.offset).startsWith(one.text)).toBe(true);
        }
      }),
    );
  });

  test('in single quotes nothing is expanded', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("'")),
        (text) => {
          expect(
            [...commandsOf(`echo '${text}'`)].flatMap(({ words }) =>
              words.flatMap(({ expansions }) => expansions),
            ),
          ).toEqual([]);
        },
      ),
    );
  });
});
