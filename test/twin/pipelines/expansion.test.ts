import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  expandForJob,
  expandForRules,
  type Unexpanded,
} from '../../../components/twin/pipelines/expansion.ts';

const variable = (key: string, value: string, more: Partial<Unexpanded> = {}): Unexpanded => {
  return { key, value, raw: false, file: false, ...more };
};
const braced = (name: string) => `\${${name}}`;
const valuesOf = (...variables: Unexpanded[]) => Object.fromEntries(expandForJob(variables));

describe('what a job finds in its variables', () => {
  test('values are put into values, whatever their order', () => {
    const values = valuesOf(variable('A', `$B/${braced('C')}`), variable('B', '<%C%>'), variable('C', 'c'));
    expect(values).toEqual({ A: '<c>/c', B: '<c>', C: 'c' });
  });

  test('two dollars are one, and what nobody has set is nothing', () => {
    expect(valuesOf(variable('A', 'cost: $$5, $NOBODY.'), variable('B', '$A'))).toEqual({
      A: 'cost: $5, .',
      B: 'cost: $5, .',
    });
  });

  test('a raw value is left alone, also inside another', () => {
    const values = valuesOf(
      variable('RAW', '$A $$', { raw: true }),
      variable('B', '[$RAW]'),
      variable('A', 'a'),
    );
    expect(values).toMatchObject({ RAW: '$A $$', B: '[$A $$]' });
  });

  test('the path of a file is known to the runner only', () => {
    const values = valuesOf(variable('KEY', 'secret $A', { file: true }), variable('B', '--key=$KEY'));
    expect(values).toEqual({ KEY: 'secret $A', B: '--key=$KEY' });
  });

  test('a circle is not followed', () => {
    expect(valuesOf(variable('A', 'a$B'), variable('B', 'b$A'))).toEqual({ A: 'ab$A', B: 'ba$B' });
  });

  test('rules see nothing for what is not set, and two dollars as they are', () => {
    const variables = [
      variable('A', '[$NOBODY]$$'),
      variable('B', '$RAW'),
      variable('RAW', '$A', { raw: true }),
    ];
    expect(Object.fromEntries(expandForRules(variables))).toEqual({ A: '[]$$', B: '$A', RAW: '$A' });
  });

  test('a value without dollars and percent signs stays as it is, whatever else is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = text.replace(/[$%]/g, '');
        expect(valuesOf(variable('A', value))).toEqual({ A: value });
      }),
    );
  });

  test('a dollar that is doubled comes through, whatever follows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = text.replaceAll('%', '');
        expect(valuesOf(variable('A', value.replaceAll('$', '$$$$')))).toEqual({ A: value });
      }),
    );
  });
});
