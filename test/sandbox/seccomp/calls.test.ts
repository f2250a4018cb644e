import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type CallTable,
  forbidden,
  judged,
  lastKnown,
  type Machine,
  missing,
  numbersOf,
} from '../../../components/sandbox/seccomp/calls.ts';
import { parseMachine } from '../../../components/sandbox/seccomp/filter.ts';

const machines: Machine[] = ['x86_64', 'aarch64'];
const all: CallTable = { ...forbidden, ...missing, ...judged };

/** Where Debian's linux-libc-dev has the numbers of both machines. */
const headers = {
  x86_64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
  aarch64: '/usr/include/asm-generic/unistd.h',
};

describe('the tables', () => {
  test.each(machines)('give no number of %s twice, and none that is unknown', (machine) => {
    const numbers = [forbidden, missing, judged].flatMap((table) => numbersOf(table, machine));
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(lastKnown);
  });

  test('number a call alike on both machines from 424 on', () => {
    const recent = Object.entries(all).filter(([, [x86]]) => (x86 ?? 0) >= 424);
    expect(recent.length).toBeGreaterThan(10);
    expect(recent.filter(([, [x86, arm]]) => x86 !== arm)).toEqual([]);
  });
});

describe.each(machines)('the headers of the kernel for %s', (machine) => {
  test.skipIf(!existsSync(headers[machine]))(`number calls as we do (needs ${headers[machine]})`, () => {
    const lines = readFileSync(headers[machine], 'utf8').matchAll(/^#define __NR(?:3264)?_(\w+) (\d+)$/gm);
    const header = new Map([...lines].map(([, name = '', number]) => [name, Number(number)]));
    const compared = Object.entries(all).filter(([name]) => header.has(name));
    // The newest ones are in no header of an older system.
    expect(compared.length).toBeGreaterThan(Object.keys(all).length - 12);
    const column = machine === 'x86_64' ? 0 : 1;
    expect(compared.map(([name, numbers]) => [name, numbers[column]])).toEqual(
      compared.map(([name]) => [name, header.get(name)]),
    );
  });
});

test('two machines are known, by their whole names', () => {
  expect(machines.map(parseMachine)).toEqual(machines);
  for (const name of ['', 'i686', 'x86', 'x86_64 ', 'armv7l', 'constructor'])
    expect(parseMachine(name), name).toBeUndefined();
});
