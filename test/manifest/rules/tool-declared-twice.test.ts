import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/tool-declared-twice.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('every declaration after the first is named, with the place of the first', () => {
  const yaml = 'kind: Agent\nspec: {tools: [{name: a}, {name: b}, {name: a}, {type: mcp}, {name: a}]}';
  expect(apply(rule, yaml)).toEqual([
    'spec.tools[2].name: the tool "a" is declared already at spec.tools[0]',
    'spec.tools[4].name: the tool "a" is declared already at spec.tools[0]',
  ]);
});

test('names like those of objects’ own members are names', () => {
  expect(apply(rule, 'kind: Agent\nspec: {tools: [{name: constructor}, {name: __proto__}]}')).toEqual([]);
});

test.each(wrongTypes)('%s where tools stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {tools: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {tools: [{name: ${value}}]}`)).toEqual([]);
});
