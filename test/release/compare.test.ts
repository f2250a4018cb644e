import { expect, test } from 'vitest';
import { findBreakingChanges } from '../../scripts/dev/release/compare.ts';
import { parseInputSpecs } from '../../scripts/dev/release/template.ts';
import { template } from './repository.ts';

function compare(before: string, after: string): string[] {
  const [old, now] = [parseInputSpecs(before), parseInputSpecs(after)];
  if (!old.ok || !now.ok) throw new Error('a template of this test is no YAML');
  return findBreakingChanges(new Map([['check', old.value]]), new Map([['check', now.value]])).map(
    ({ what }) => what,
  );
}

function without(text: string, from: string, to: string): string {
  return text.slice(0, text.indexOf(from)) + text.slice(text.indexOf(to));
}

const optional = template.replace('default: observe\n      options: [observe, enforce]', 'default: observe');
const bare = template.replace('      default: observe\n      options: [observe, enforce]\n', '');

test.each([
  ['is gone', (text: string) => without(text, '    stage:', '    image:'), ['stage', 'is gone']],
  ['is renamed', (text: string) => text.replace('    stage:', '    phase:'), ['stage', 'is gone']],
  [
    'is new and required',
    (text: string) => text.replace('    mode:', '    root:\n      description: Where\n    mode:'),
    ['root', 'is new and has no default'],
  ],
  [
    'has another type',
    (text: string) => text.replace('default: .pre', 'type: number\n      default: .pre'),
    ['stage', 'has type number, it was string'],
  ],
  [
    'lost an option',
    (text: string) => text.replace('[observe, enforce]', '[observe]'),
    ['mode', 'lost the option enforce'],
  ],
  [
    'has a regex',
    (text: string) => text.replace('default: .pre', 'default: .pre\n      regex: ^[.]'),
    ['stage', 'has a regex, it had none'],
  ],
  [
    'has another regex',
    (text: string) => text.replace('regex: ^[A-Za-z0-9][', 'regex: ^[a-z]['),
    ['image', 'has another regex'],
  ],
  [
    'has another default',
    (text: string) => text.replace('default: observe', 'default: enforce'),
    ['mode', 'has the default "enforce", it was "observe"'],
  ],
  [
    'lost its default',
    (text: string) => text.replace('      default: .pre\n', ''),
    ['stage', 'lost its default'],
  ],
  [
    'has other rules',
    (text: string) => text.replace('default: .pre', 'default: .pre\n      rules: [{ default: x }]'),
    ['stage', 'has other rules'],
  ],
])('an input that %s breaks', (_, change, [input, what]) => {
  expect(compare(template, change(template))).toEqual([`the input \`${input}\` of \`check\` ${what}`]);
});

test.each([
  ['gets a default', bare, bare.replace("a red job'", "a red job'\n      default: observe")],
  ['may have any value again', template, optional],
  ['gets one more option', template, template.replace('[observe, enforce]', '[observe, warn, enforce]')],
  ['lost its regex', template, template.replace(/ +regex: .*\n/, '')],
  ['has another description', template, template.replace('Stage of the job', 'The stage')],
])('an input that %s breaks nothing', (_, before, after) => {
  expect(compare(before, after)).toEqual([]);
});

test('an input that takes only certain options where it took anything breaks', () => {
  expect(compare(optional, template)).toEqual([
    'the input `mode` of `check` takes only certain options, it took anything',
  ]);
});

test('the default of image may change: each release stamps another', () => {
  const stamped = (digit: string) => template.replace('# stamped', `\n      default: 'x@${digit}'`);
  expect(compare(stamped('1'), stamped('2'))).toEqual([]);
});
