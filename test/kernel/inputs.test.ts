import { describe, expect, test } from 'vitest';
import { type InputDeclarations, variableOf } from '../../components/kernel/input-types.ts';
import { readInputs } from '../../components/kernel/inputs.ts';

const declarations = {
  'max-tokens': { type: 'integer', description: 'tokens', default: 20_000, min: 1, max: 100_000 },
  ratio: { type: 'number', description: 'ratio' },
  level: { type: 'string', description: 'level', options: ['low', 'high'], default: 'low' },
  name: { type: 'string', description: 'name', pattern: /[a-z]+/ },
  strict: { type: 'boolean', description: 'strict', default: false },
  mode: {
    type: 'string',
    description: 'mode',
    options: ['observe', 'enforce'],
    default: 'observe',
    security: true,
  },
  token: { type: 'string', description: 'token', secret: true, pattern: /glpat-\w+/ },
  files: { type: 'list', description: 'files', default: ['*.yaml'] },
  globs: { type: 'list', description: 'globs', default: [], spaced: true },
} as const satisfies InputDeclarations;

function read(args: string[], env: Record<string, string> = {}, positional?: string) {
  return readInputs(declarations, { args, env, command: 'test', positional });
}

function values(args: string[], env: Record<string, string> = {}, positional?: string) {
  const result = read(args, env, positional);
  if (!result.ok) throw new Error(result.failures.map((failure) => failure.message).join('; '));
  return result.values;
}

function mistakes(args: string[], env: Record<string, string> = {}): string[] {
  const result = read(args, env);
  return result.ok ? [] : result.failures.map((failure) => `${failure.code} ${failure.message}`);
}

describe('one declaration gives flag, variable, default and type', () => {
  test('defaults hold where nothing is given', () => {
    expect(values([])).toEqual({
      'max-tokens': 20_000,
      ratio: undefined,
      level: 'low',
      name: undefined,
      strict: false,
      mode: 'observe',
      token: undefined,
      files: ['*.yaml'],
      globs: [],
    });
  });

  test.each([
    [['--max-tokens=5'], { 'max-tokens': 5 }],
    [['--max-tokens', '5'], { 'max-tokens': 5 }],
    [['--ratio=-0.5'], { ratio: -0.5 }],
    [['--strict'], { strict: true }],
    [['--strict=false'], { strict: false }],
    [['--no-strict'], { strict: false }],
    [['--files=a', '--files', 'b c'], { files: ['a', 'b c'] }],
    [['--globs=a', '--globs', ' b  c '], { globs: ['a', 'b', 'c'] }],
  ])('%j', (args, expected) => {
    expect(values(args)).toMatchObject(expected);
  });

  test('flags beat variables, and an empty variable counts as not set', () => {
    const env = { PIPEWRIGHT_LEVEL: 'high', PIPEWRIGHT_MAX_TOKENS: '', PIPEWRIGHT_FILES: ' a  b\nc ' };
    expect(values([], env)).toMatchObject({ level: 'high', 'max-tokens': 20_000, files: ['a', 'b', 'c'] });
    expect(values(['--level=low'], env)).toMatchObject({ level: 'low' });
  });

  test('words without a flag go to the positional input, also after --', () => {
    expect(values(['a', '--strict', 'b', '--', '--c'], {}, 'files')).toMatchObject({
      files: ['a', 'b', '--c'],
    });
  });
});

describe('mistakes', () => {
  test('all are reported at once', () => {
    const found = mistakes(['--levle=low', '--max-tokens=0', 'stray'], { PIPEWRIGHT_STRICT: 'yes' });
    expect(found).toEqual([
      'INPUT_UNKNOWN_FLAG unknown flag --levle; did you mean --level?',
      'INPUT_UNEXPECTED_ARGUMENT unexpected argument "stray": test takes flags only',
      'INPUT_INVALID --max-tokens is "0", expected a whole number from 1 up to 100000',
      'INPUT_INVALID the variable PIPEWRIGHT_STRICT is "yes", expected true or false',
    ]);
  });

  test.each([
    [['--level'], 'INPUT_VALUE_MISSING --level needs a value: one of: low, high'],
    [['--level', '--strict'], 'INPUT_VALUE_MISSING --level needs a value: one of: low, high'],
    [['--level=hihg'], 'INPUT_INVALID --level is "hihg", expected one of: low, high; did you mean "high"?'],
    [['--level=low', '--level=high'], 'INPUT_REPEATED --level is given more than once'],
    [['--name=abc1'], 'INPUT_INVALID --name is "abc1", expected text matching [a-z]+'],
    [
      ['--max-tokens=1e3'],
      'INPUT_INVALID --max-tokens is "1e3", expected a whole number from 1 up to 100000',
    ],
    [['-v'], 'INPUT_UNKNOWN_FLAG unknown flag -v'],
    [['--no-level'], 'INPUT_UNKNOWN_FLAG unknown flag --no-level'],
    [['--__proto__=x'], 'INPUT_UNKNOWN_FLAG unknown flag --__proto__'],
    [['--strict=maybe'], 'INPUT_INVALID --strict is "maybe", expected true or false'],
  ])('%j', (args, message) => {
    expect(mistakes(args)).toEqual([message]);
  });

  test('what decides what passes is not read from the environment, and a try is no silent one', () => {
    expect(mistakes([], { PIPEWRIGHT_MODE: 'observe' })).toEqual([
      'INPUT_NOT_FROM_ENV the variable PIPEWRIGHT_MODE is set, but --mode decides what passes and is read from the flag only',
    ]);
  });

  test('an input may have a variable of another name, and no other than that', () => {
    const region = { region: { type: 'string', description: 'region', variable: 'AWS_REGION' } } as const;
    const values = (env: Record<string, string>) => {
      const result = readInputs(region, { args: [], env, command: 'test' });
      return result.ok ? result.values.region : result.failures[0].message;
    };
    expect(values({ AWS_REGION: 'eu-west-1' })).toBe('eu-west-1');
    expect(values({ PIPEWRIGHT_REGION: 'eu-west-1' })).toBeUndefined();
    expect(variableOf('region', region.region)).toBe('AWS_REGION');
  });

  test('a secret value is not repeated', () => {
    expect(mistakes(['--token=hunter2']).join()).not.toContain('hunter2');
  });

  test('a required input names its variable', () => {
    const required = { name: { type: 'string', description: 'name', required: true } } as const;
    const result = readInputs(required, { args: [], env: {}, command: 'test' });
    expect(result.ok ? '' : result.failures[0].message).toBe(
      '--name is required (or the variable PIPEWRIGHT_NAME)',
    );
    expect(result.ok ? '' : result.failures[0].code).toBe('INPUT_REQUIRED');
  });
});
