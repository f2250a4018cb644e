import { describe, expect, test } from 'vitest';
import { editYaml } from '../../../components/kernel/yaml-edit/apply.ts';
import type { YamlEdit } from '../../../components/kernel/yaml-edit/edit.ts';

interface Case {
  readonly name: string;
  readonly edit: YamlEdit;
  readonly before: string;
  /** Undefined where it must be refused. */
  readonly after: string | undefined;
}

const cases: readonly Case[] = [
  {
    name: 'a plain text gets another word',
    edit: { do: 'set', path: ['a', 'b'], value: 'new' },
    before: '# top\na:\n  b: old # why\n  c: 1\n',
    after: '# top\na:\n  b: new # why\n  c: 1\n',
  },
  {
    name: 'quotes stay what they are',
    edit: { do: 'set', path: ['a', 1], value: "it's" },
    before: 'a: ["x", \'old\']\n',
    after: "a: [\"x\", 'it''s']\n",
  },
  {
    name: 'a text that would be read as something else is quoted',
    edit: { do: 'set', path: ['a'], value: 'true' },
    before: 'a: x\n',
    after: 'a: "true"\n',
  },
  {
    name: 'a number in quotes becomes a number',
    edit: { do: 'set', path: ['a'], value: 5 },
    before: 'a: "5"   # five\n',
    after: 'a: 5   # five\n',
  },
  {
    name: 'nothing becomes something',
    edit: { do: 'set', path: ['a'], value: 'x' },
    before: 'a:\nb: 1\n',
    after: 'a: x\nb: 1\n',
  },
  {
    name: 'what was there is noted beside it',
    edit: { do: 'set', path: ['t', 0, 'type'], value: 'custom', comment: 'was: scanner' },
    before: 't:\n  - type: scanner\n    name: x\n',
    after: 't:\n  - type: custom # was: scanner\n    name: x\n',
  },
  {
    name: 'a note where a comment stands is refused',
    edit: { do: 'set', path: ['a'], value: 'x', comment: 'was: y' },
    before: 'a: y # because\n',
    after: undefined,
  },
  {
    name: 'a word becomes a mapping in its line',
    edit: { do: 'set', path: ['c', 0], value: { name: 'x', type: 'tool' } },
    before: 'c:\n  - x # first\n  - y\n',
    after: 'c:\n  - { name: x, type: tool } # first\n  - y\n',
  },
  {
    name: 'JSON stays JSON',
    edit: { do: 'set', path: ['c', 0], value: { name: 'x', type: 'tool' } },
    before: '{\n  "c": ["x", "y"]\n}\n',
    after: '{\n  "c": [{"name":"x","type":"tool"}, "y"]\n}\n',
  },
  {
    name: 'a field is renamed where it stands',
    edit: { do: 'rename', path: ['p', 0, 'message'], name: 'error_message' },
    before: 'p:\n  - x: 1\n    message: "no" # so\n',
    after: 'p:\n  - x: 1\n    error_message: "no" # so\n',
  },
  {
    name: 'a name that is taken is refused',
    edit: { do: 'rename', path: ['a'], name: 'b' },
    before: 'a: 1\nb: 2\n',
    after: undefined,
  },
  {
    name: 'a field goes with its lines, comments around it stay',
    edit: { do: 'remove', path: ['a', 'y'] },
    before: 'a:\n  x: 1\n  # about y or z\n  y: # gone\n    - 1\n    - 2\n  # about z\n  z: 3\n',
    after: 'a:\n  x: 1\n  # about y or z\n  # about z\n  z: 3\n',
  },
  {
    name: 'the first field of an item goes, the next takes its place',
    edit: { do: 'remove', path: ['a', 0, 'x'] },
    before: 'a:\n  - x: 1\n    y: 2\n',
    after: 'a:\n  - y: 2\n',
  },
  {
    name: 'the only field leaves an empty mapping',
    edit: { do: 'remove', path: ['a', 'x'] },
    before: 'a:\n  x: 1\nb: 2\n',
    after: 'a:\n  {}\nb: 2\n',
  },
  {
    name: 'fields of a line go with their comma',
    edit: { do: 'remove', path: ['a', 'y'] },
    before: 'a: {x: 1, y: 2}\n',
    after: 'a: {x: 1}\n',
  },
  {
    name: 'a new field stands below the one it belongs to',
    edit: { do: 'insert', path: ['t', 0], name: 'type', value: 'function', after: 'name' },
    before: 't:\n  - name: x # the first\n    y: 2\n',
    after: 't:\n  - name: x # the first\n    type: function\n    y: 2\n',
  },
  {
    name: 'or is the first',
    edit: { do: 'insert', path: ['t', 0], name: 'type', value: 'function' },
    before: 't:\n- name: x\n',
    after: 't:\n- type: function\n  name: x\n',
  },
  {
    name: 'in a line it stands in the line',
    edit: { do: 'insert', path: ['t', 0], name: 'type', value: 'function', after: 'name' },
    before: 't:\n  - { name: x, y: 1 }\n',
    after: 't:\n  - { name: x, type: function, y: 1 }\n',
  },
  {
    name: 'at the end of a text without a last line end',
    edit: { do: 'insert', path: [], name: 'b', value: 2, after: 'a' },
    before: 'a: 1',
    after: 'a: 1\nb: 2',
  },
  {
    name: 'lines end as they did',
    edit: { do: 'insert', path: [], name: 'b', value: 2, after: 'a' },
    before: 'a: 1\r\nc: 3\r\n',
    after: 'a: 1\r\nb: 2\r\nc: 3\r\n',
  },
  {
    name: 'a field moves into a mapping that is there',
    edit: { do: 'move', path: ['m', 'taxonomy'], to: ['s', 'taxonomy'] },
    before:
      'm:\n  n: 1\n  taxonomy: # where\n    domain: x\n    list:\n      - 1\ns:\n    r: |\n      text\n\n      more\nz: 1\n',
    after:
      'm:\n  n: 1\ns:\n    r: |\n      text\n\n      more\n    taxonomy: # where\n      domain: x\n      list:\n        - 1\nz: 1\n',
  },
  {
    name: 'a field moves into a mapping made beside it',
    edit: { do: 'move', path: ['m', 'license'], to: ['m', 'annotations', 'license'] },
    before: 'm:\n  n: 1\n  license: MIT # ours\n  z: 1\n',
    after: 'm:\n  n: 1\n  annotations:\n    license: MIT # ours\n  z: 1\n',
  },
  {
    name: 'and the next one joins it',
    edit: { do: 'move', path: ['m', 'author'], to: ['m', 'annotations', 'author'] },
    before: 'm:\n  annotations:\n    license: MIT\n  author: me\n',
    after: 'm:\n  annotations:\n    license: MIT\n    author: me\n',
  },
  {
    name: 'a list goes one level deeper',
    edit: { do: 'wrap', path: ['s', 'guardrails'], name: 'policies' },
    before:
      's:\n  guardrails:\n    # first\n    - type: a\n      text: |\n        x\n    - type: b # second\nz: 1\n',
    after:
      's:\n  guardrails:\n    policies:\n      # first\n      - type: a\n        text: |\n          x\n      - type: b # second\nz: 1\n',
  },
  {
    name: 'a list in the column of its name too',
    edit: { do: 'wrap', path: ['g'], name: 'policies' },
    before: 'g:\n- a: 1\n- b: 2\nz: 1\n',
    after: 'g:\n  policies:\n  - a: 1\n  - b: 2\nz: 1\n',
  },
  {
    name: 'mappings become a list',
    edit: { do: 'list', path: ['k', 'servers'], name: 'name' },
    before:
      'k:\n  servers:\n    one: # the first\n      url: x\n      more:\n        - 1\n    two:\n      url: y\nz: 1\n',
    after:
      'k:\n  servers:\n    - name: one # the first\n      url: x\n      more:\n        - 1\n    - name: two\n      url: y\nz: 1\n',
  },
  {
    name: 'what is named elsewhere is left alone',
    edit: { do: 'set', path: ['a'], value: 'new' },
    before: 'a: &x old\nb: *x\n',
    after: undefined,
  },
  {
    name: 'what an alias brings is left alone',
    edit: { do: 'set', path: ['b', 'c'], value: 2 },
    before: 'a: &x {c: 1}\nb: *x\n',
    after: undefined,
  },
  {
    name: 'a path that leads nowhere',
    edit: { do: 'set', path: ['b', 0, 'c'], value: 2 },
    before: 'a: 1\n',
    after: undefined,
  },
  {
    name: 'a text over several lines is not put into one',
    edit: { do: 'set', path: ['a'], value: 'x' },
    before: 'a: |\n  one\n  two\n',
    after: undefined,
  },
  {
    name: 'a byte order mark stays',
    edit: { do: 'set', path: ['a'], value: 'x' },
    before: '\ufeffa: y\n',
    after: '\ufeffa: x\n',
  },
];

describe('editYaml', () => {
  test.each(cases)('$name', ({ edit, before, after }) => {
    expect(editYaml(before, 0, edit)).toBe(after);
  });

  test('of several documents only one changes', () => {
    const text = 'a: 1\n---\na: 1 # two\n---\na: 1\n';
    expect(editYaml(text, 1, { do: 'set', path: ['a'], value: 2 })).toBe(
      'a: 1\n---\na: 2 # two\n---\na: 1\n',
    );
  });

  test('a text that cannot be read is left alone', () => {
    expect(editYaml('a: [', 0, { do: 'set', path: ['a'], value: 2 })).toBeUndefined();
    expect(editYaml('a: 1\na: 2\n', 0, { do: 'remove', path: ['a'] })).toBeUndefined();
  });
});
