import { expect, test } from 'vitest';
import { readQuickActions } from '../../../components/twin/review/quick-action-text.ts';

const names = ['close', 'merge', 'label', 'assign', 'assign_reviewer'];
const read = (text: string) => readQuickActions(text, names);
const commands = (text: string) => read(text).commands.map(({ name, arg }) => `${name} ${arg}`.trim());

test('a line of its own is a command, with what follows it', () => {
  expect(read('Hello\n/label ~bug ~"two words"\nworld')).toEqual({
    text: 'Hello\nworld',
    commands: [{ name: 'label', arg: '~bug ~"two words"' }],
  });
});

test.each([
  ['first', '/close\ntext'],
  ['last', 'text\n/close'],
  ['alone', '/close'],
  ['in capitals', '/CLOSE'],
  ['with more behind it', '/close this now'],
  ['with carriage returns', 'text\r\n/close\r\nmore'],
  ['after an HTML comment', '<!-- marker -->\n/close'],
  ['in an HTML block after an empty line', '<details>\n\n/close\n\n</details>'],
  ['after a heading', '# Title\n/close'],
  ['after a list and an empty line', '- item\n\n/close'],
  ['after a quote and an empty line', '> quote\n\n/close'],
  ['after a closed code block', '```\ncode\n```\n/close'],
  ['after a table', '| a |\n|---|\n\n/close'],
])('it acts %s', (_, text) => {
  expect(commands(text)).toHaveLength(1);
  expect(read(text).text).not.toMatch(/close/i);
});

test.each([
  ['in a fenced block', '```\n/close\n```'],
  ['in a block of tildes', '~~~\n/close\n~~~'],
  ['in a block nobody closes', '```\n/close'],
  ['in an indented block', 'text\n\n    /close'],
  ['in a code span', 'see `\n/close\n` there'],
  ['in a quote', '> /close'],
  ['running on from a quote', '> quote\n/close'],
  ['in a quote of several lines', '>>>\n/close\n>>>'],
  ['in a list item', '- /close'],
  ['running on from a list item', '- item\n/close'],
  ['indented in a list', '- item\n\n  /close'],
  ['in an HTML block', '<div>\n/close\n</div>'],
  ['in an HTML comment', '<!--\n/close\n-->'],
  ['in a comment nobody closes', '<!--\n/close'],
  ['in the middle of a line', 'please /close'],
  ['with a space before it', ' /close'],
  ['as a heading', '/close\n---'],
  ['as part of a word', '/closed'],
  ['as a path', '/usr/bin/env'],
  ['of an unknown name', '/unknown thing'],
])('it is text %s', (_, text) => {
  expect(read(text)).toEqual({ text: text.trimEnd(), commands: [] });
});

test('the longest name is meant', () => {
  expect(commands('/assign_reviewer @ada')).toEqual(['assign_reviewer @ada']);
});

test('commands keep their order over paragraphs', () => {
  expect(commands('/label ~a\n\ntext\n\n/close\n/merge')).toEqual(['label ~a', 'close', 'merge']);
});

test('a shrug is a text', () => {
  expect(read('/shrug well')).toEqual({ text: 'well ¯\\＿(ツ)＿/¯', commands: [] });
});
