import { describe, expect, test } from 'vitest';
import { rules } from '../../components/lint-ci/rules.gen.ts';
import { lint } from './lint.ts';

describe.each(rules)('$id', (rule) => {
  test('reports its bad example', async () => {
    const codes = (await lint(rule.bad)).map(({ code }) => code);
    expect(codes).toContain(rule.code);
  });

  test('has nothing to say about its good example', async () => {
    const codes = (await lint(rule.good)).map(({ code }) => code);
    expect(codes).not.toContain(rule.code);
  });

  test('its bad example is a configuration that only this rule makes an error of', async () => {
    const errors = (await lint(rule.bad)).filter(({ severity }) => severity === 'error');
    expect(new Set(errors.map(({ code }) => code))).toEqual(
      new Set(rule.severity === 'error' ? [rule.code] : []),
    );
  });
});
