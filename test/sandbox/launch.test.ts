import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertCommand, planLaunch, renderEnvironment } from '../../components/sandbox/launch.ts';
import { limits } from './support.ts';

describe('planLaunch', () => {
  test('hands the arguments of bubblewrap and the command on as they are', () => {
    const words = fc.array(fc.string(), { minLength: 1 });
    fc.assert(
      fc.property(words, words, (arguments_, command) => {
        const planned = planLaunch(arguments_, command, limits);
        const [start, tool] = [planned.indexOf('bwrap') + 1, planned.length - command.length];
        expect(planned.slice(start, start + arguments_.length)).toEqual(arguments_);
        expect(planned[start + arguments_.length]).toBe('--');
        expect(planned.slice(tool)).toEqual(command);
        // Nothing of either is in a script of ours.
        expect(planLaunch(['a'], ['b'], limits).slice(0, 3)).toEqual(planned.slice(0, 3));
      }),
    );
  });

  test('counts in what ulimit counts in', () => {
    const numbers = (change: Partial<typeof limits>) =>
      planLaunch([], ['true'], { ...limits, ...change }).slice(-6, -1);
    const made = { processes: 10, memory: 1024 * 1024 };
    expect(numbers(made)).toEqual(['1024', 'unlimited', 'unlimited', '20', '1024']);
    expect(numbers({ ...made, processes: 1, memory: 1025 })).toEqual([
      '1024',
      'unlimited',
      'unlimited',
      '2',
      '2',
    ]);
    expect(numbers({ ...made, files: 64, fileSize: 1, cpu: 1_500 })).toEqual(['64', '1', '3', '20', '1024']);
  });

  test('reads no start file of a user, inside or outside', () => {
    const planned = planLaunch([], ['true'], limits);
    expect(planned[0]).toBe('--norc');
    expect(planned[planned.indexOf('/usr/bin/bash') + 1]).toBe('--norc');
  });
});

describe('renderEnvironment', () => {
  const parse = (text: string) => {
    expect(text === '' || text.endsWith('\0')).toBe(true);
    const lines = text.split('\0').slice(0, -1);
    return Object.fromEntries(lines.map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));
  };
  const made = { HOME: '/tmp', LANG: 'C.UTF-8', TMPDIR: '/tmp' };

  test('gives what is made, and what is given over it', () => {
    expect(parse(renderEnvironment({}))).toMatchObject({ ...made, PATH: expect.stringMatching(/^\/usr\//) });
    const given = { HOME: '/checkout', A: 'line\nline = "x" $(id) \\', EMPTY: '' };
    expect(parse(renderEnvironment(given))).toMatchObject({ ...made, ...given });
  });

  test('every value without NUL comes out as it went in', () => {
    const value = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(value, (text) => {
        expect(parse(renderEnvironment({ VALUE: text })).VALUE).toBe(text);
      }),
    );
  });

  test.each(['', '1A', 'A B', 'A=B', 'A-B', 'Ä', 'A\n', 'BASH_FUNC_ls%%', 'a\0b'])(
    'a variable cannot be called %j',
    (name) => {
      expect(() => renderEnvironment({ [name]: 'x' })).toThrow(
        expect.objectContaining({
          code: 'SANDBOX_INVALID',
          message: `the variable ${JSON.stringify(name)} cannot be given to a script: expected letters, digits and _ in its name`,
        }),
      );
    },
  );

  test.each([
    'UID',
    'EUID',
    'PPID',
    'BASHOPTS',
    'SHELLOPTS',
    'RANDOM',
    'GROUPS',
    'BASH_COMMAND',
    '_',
    'SHLVL',
  ])('a shell lets nobody set %s', (name) => {
    expect(() => renderEnvironment({ [name]: 'x' })).toThrow(
      expect.objectContaining({
        code: 'SANDBOX_INVALID',
        message: expect.stringContaining('expected a name that shells let be set'),
      }),
    );
  });

  test('a value has no NUL', () => {
    expect(() => renderEnvironment({ TOKEN: 'secret\0' })).toThrow(
      expect.objectContaining({
        code: 'SANDBOX_INVALID',
        // Without the value.
        message: 'the variable "TOKEN" cannot be given to a script: expected a value without NUL',
      }),
    );
  });
});

describe('assertCommand', () => {
  test.each([[[]], [['']], [['', 'x']], [['a\0b']], [['true', 'x\0']]])('%j is no command', (command) => {
    expect(() => assertCommand(command)).toThrow(expect.objectContaining({ code: 'SANDBOX_INVALID' }));
  });

  test.each([[['true']], [['./a b']], [['echo', '', '-n', '--', 'ä\n']], [['--version']]])(
    '%j is one',
    (command) => expect(() => assertCommand(command)).not.toThrow(),
  );
});
