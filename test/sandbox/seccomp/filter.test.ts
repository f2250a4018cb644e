import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  forbidden,
  judged,
  lastKnown,
  type Machine,
  missing,
  numbersOf,
} from '../../../components/sandbox/seccomp/calls.ts';
import { createFilter } from '../../../components/sandbox/seccomp/filter.ts';
import { interpret } from './interpret.ts';

/** Verdicts as the kernel's headers number them: SECCOMP_RET_ERRNO is 5 in the upper half. */
const [allow, kill, eperm, enosys, eafnosupport] = [
  ...[0x7fff_0000, 0x8000_0000, 0x0005_0001, 0x0005_0026, 0x0005_0061],
];

const architectures = { x86_64: 0xc000_003e, aarch64: 0xc000_00b7 } as const;
const machines: Machine[] = ['x86_64', 'aarch64'];
const word = fc.nat(0xffff_ffff);

describe.each(machines)('the filter of %s', (machine) => {
  const filter = createFilter(machine);
  const judge = (number: number, ...args: bigint[]) =>
    interpret(filter, { number, architecture: architectures[machine], arguments: args });
  const [denied, absent] = [numbersOf(forbidden, machine), numbersOf(missing, machine)];
  const [clone = -1] = numbersOf({ clone: judged.clone }, machine);
  const sockets = numbersOf({ socket: judged.socket, socketpair: judged.socketpair }, machine);

  test('gives every number up to the last known the verdict of the tables', () => {
    for (let number = 0; number <= lastKnown; number++) {
      if (number === clone || sockets.includes(number)) continue;
      const inTables = denied.includes(number) ? eperm : absent.includes(number) ? enosys : allow;
      expect(judge(number), `call ${number}`).toBe(inTables);
    }
  });

  test('says that every higher number does not exist, those of x32 among them', () => {
    fc.assert(fc.property(fc.integer({ min: lastKnown + 1, max: 0xffff_ffff }), (n) => judge(n) === enosys));
    fc.assert(fc.property(fc.nat(600), (number) => judge(0x4000_0000 + number) === enosys));
  });

  test('kills whatever calls as another machine', () => {
    const others = word.filter((architecture) => architecture !== architectures[machine]);
    fc.assert(
      fc.property(others, fc.nat(600), (architecture, number) => {
        expect(interpret(filter, { number, architecture })).toBe(kill);
      }),
    );
    // AUDIT_ARCH_I386 and AUDIT_ARCH_ARM: what 32 bit code calls on both machines.
    for (const architecture of [0x4000_0003, 0x4000_0028])
      expect(interpret(filter, { number: 20, architecture })).toBe(kill);
  });

  test('lets clone make processes and threads, and no namespace', () => {
    const spaces = [0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000];
    const threadOfGlibc = 0x3d_0f00n;
    expect([17n, threadOfGlibc].map((flags) => judge(clone, flags))).toEqual([allow, allow]);
    fc.assert(
      fc.property(word, fc.nat(0xffff_ffff), (flags, upper) => {
        const any = spaces.some((space) => (flags & space) !== 0);
        expect(judge(clone, (BigInt(upper) << 32n) | BigInt(flags))).toBe(any ? eperm : allow);
      }),
    );
    for (const space of spaces) expect(judge(clone, BigInt(space) | 17n)).toBe(eperm);
  });

  test('lets sockets be of this machine only', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sockets), fc.oneof(fc.nat(50), word), (number, family) => {
        expect(judge(number, BigInt(family))).toBe(family === 1 ? allow : eafnosupport);
      }),
    );
    // The kernel's families are 32 bits wide.
    for (const number of sockets) expect(judge(number, (7n << 32n) | 1n)).toBe(allow);
  });

  test('is made of whole instructions, fewer than the kernel takes', () => {
    expect(filter.length % 8).toBe(0);
    // BPF_MAXINSNS
    expect(filter.length / 8).toBeLessThan(4096);
  });
});
