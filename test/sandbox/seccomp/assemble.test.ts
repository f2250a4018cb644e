import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble, type Instruction } from '../../../components/sandbox/seccomp/assemble.ts';
import { interpret } from './interpret.ts';

const give = (value: number): Instruction => ({ op: 'return', value });
const mark = (name: string): Instruction => ({ op: 'mark', name });
const load = (offset: number): Instruction => ({ op: 'load', offset });
const when = (op: 'whenEqual' | 'whenAbove' | 'whenAny', value: number, to: string): Instruction => ({
  ...{ op, value, to },
});

const word = fc.nat(0xffff_ffff);

describe('assemble', () => {
  test('writes what the kernel’s headers say', () => {
    const program = [load(4), when('whenEqual', 0xc000_003e, 'on'), give(0), mark('on'), give(0x7fff_0000)];
    expect(Buffer.from(assemble(program)).toString('hex').match(/.{16}/g)).toEqual([
      '2000000004000000',
      '150001003e0000c0',
      '0600000000000000',
      '060000000000ff7f',
    ]);
  });

  test.each([
    ['whenEqual', (one: number, other: number) => one === other],
    ['whenAbove', (one: number, other: number) => one > other],
    ['whenAny', (one: number, other: number) => (BigInt(one) & BigInt(other)) !== 0n],
  ] as const)('%s goes to its mark where it is so, for every two words', (op, holds) => {
    const judge = (one: number, other: number) => {
      const program = [load(0), when(op, other, 'yes'), give(1), mark('yes'), give(2)];
      expect(interpret(assemble(program), { number: one, architecture: 0 })).toBe(holds(one, other) ? 2 : 1);
    };
    fc.assert(fc.property(word, word, judge));
    fc.assert(fc.property(word, (same) => judge(same, same)));
  });

  test('marks may follow each other and stand at the beginning, and are no instructions', () => {
    const program = [mark('top'), load(0), when('whenEqual', 7, 'b'), give(1), mark('a'), mark('b'), give(2)];
    expect(assemble(program)).toHaveLength(4 * 8);
    expect(interpret(assemble(program), { number: 7, architecture: 0 })).toBe(2);
  });

  const between = (count: number) => [
    when('whenEqual', 0, 'far'),
    ...Array.from({ length: count }, () => give(1)),
    mark('far'),
    give(2),
  ];

  test('a jump is at most 255 instructions long', () => {
    expect(interpret(assemble(between(255)), { number: 0, architecture: 0 })).toBe(2);
    expect(() => assemble(between(256))).toThrow(new RangeError('instruction 0 cannot jump 256 on'));
  });

  test.each([
    ['is missing', [when('whenEqual', 0, 'nowhere'), give(1)]],
    ['stands further up', [mark('up'), load(0), when('whenEqual', 0, 'up'), give(1)]],
    ['stands just before', [mark('up'), when('whenEqual', 0, 'up'), give(1)]],
  ] as const)('a mark that %s is an error', (_, program) => {
    expect(() => assemble(program)).toThrow(RangeError);
  });
});
