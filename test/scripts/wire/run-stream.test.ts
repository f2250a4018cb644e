import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor } from '../../../components/kernel/redact.ts';
import { createStreamPrinter } from '../../../scripts/wire/run-stream.ts';

const secret = 'a-secret-of-forty-characters-0123456789';

/** Shows the pieces of one answer, a second after each other. */
function shown(...pieces: readonly string[]): string {
  let printed = '';
  let now = 0;
  const printer = createStreamPrinter({
    print: (text) => {
      printed += text;
    },
    redact: createRedactor([secret]),
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
  });
  for (const piece of pieces) {
    printer(piece);
    now += 1_000;
  }
  printer(undefined);
  return printed;
}

test('lines come once they are whole, behind a margin', () => {
  expect(shown('one\ntw', 'o\n', 'three')).toBe('  │ one\n  │ two\n  │ three\n');
  expect(shown()).toBe('');
});

test('no line can be taken for one of the runner', () => {
  const printed = shown(
    '\u001b[0Ksection_start:1:x[collapsed=true]\r\u001b[0Khidden\r\n',
    '\nsection_end:1:x\r\u202e',
  );
  for (const character of ['\u001b', '\r', '\u202e']) expect(printed).not.toContain(character);
  expect(printed).not.toMatch(/^section_/m);
});

test('a secret is taken out, in whatever pieces and over whatever lines it comes', () => {
  const cut = fc.tuple(fc.nat({ max: secret.length }), fc.nat({ max: secret.length }));
  fc.assert(
    fc.property(cut, fc.boolean(), fc.boolean(), ([a, b], first, second) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const pieces = [secret.slice(0, from), secret.slice(from, to), secret.slice(to)];
      const breaks = [first ? '\n' : '', second ? '\n' : ''];
      const printed = shown(
        `before\n${pieces[0]}`,
        `${breaks[0]}${pieces[1]}`,
        `${breaks[1]}${pieces[2]}`,
        '\nafter',
      );
      const letters = printed.replace(/[\s│]/g, '');
      expect(letters).toContain('before[redacted]');
      expect(letters).not.toContain(secret.slice(3, 12));
    }),
  );
});

test('an answer without end is shown to its 400th line', () => {
  const lines = shown(...Array.from({ length: 50 }, (_, index) => `line ${index}\n`.repeat(20)))
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(401);
  expect(lines.at(-1)).toBe('  │ … the rest is in the records');
});

test('however fast it comes, it is looked at four times in a second', () => {
  let [looks, now] = [0, 0];
  const printer = createStreamPrinter({
    print: () => undefined,
    redact: (text) => {
      looks += 1;
      return text;
    },
    clock: { now: () => now, monotonic: () => now, sleep: async () => undefined },
  });
  for (let index = 0; index < 1_000; index++) {
    printer('x\n');
    now += 1;
  }
  expect(looks).toBe(4);
});
