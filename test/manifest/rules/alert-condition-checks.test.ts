import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/alert-condition-checks.ts';
import { wrongTypes } from '../../support/rule.ts';
import { applyAll, issuesOf } from '../apply-further.ts';

const at = 'moe.tracking.alerts[0].condition';

function alert(condition: string, place: string, target = '0.9'): string {
  const moe = `extensions: {moe: {primary: {metric: accuracy, target: ${target}}, tracking: {alerts: [{condition: ${JSON.stringify(condition)}}]}}}`;
  return place === 'extensions' ? `kind: Agent\n${moe}` : `kind: Agent\nspec: {${moe}}`;
}

test.each(['extensions', 'spec.extensions'])('RULE_ALERT_CONDITION_CHECKS at %s', async (place) => {
  expect(rule.code).toBe('RULE_ALERT_CONDITION_CHECKS');
  expect(await applyAll(rule, alert('primary_metric < target * 0.9', place))).toEqual([]);
  expect(await applyAll(rule, alert('iteration_count > 3', place))).toEqual([
    `${place}.${at}: ${place}.${at} at "iteration_count": there is no "iteration_count" here`,
  ]);
  expect(await applyAll(rule, alert('success_rate < target', place, 'high'))).toEqual([
    `${place}.${at}: ${place}.${at} at "target": it never has a value here, because the target of the primary metric is no number`,
  ]);
});

test('the name of the primary metric means its fact', async () => {
  const [issue] = await issuesOf(rule, alert('accuracy < 0.8', 'extensions'));
  expect(issue?.suggestion).toBe('primary_metric');
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where alerts stand', async (value) => {
  for (const moe of [value, `{tracking: ${value}}`, `{tracking: {alerts: ${value}}}`]) {
    expect(await applyAll(rule, `kind: Agent\nextensions: {moe: ${moe}}`)).toEqual([]);
  }
  expect(
    await applyAll(rule, `kind: Agent\nextensions: {moe: {tracking: {alerts: [{condition: ${value}}]}}}`),
  ).toEqual([]);
});
