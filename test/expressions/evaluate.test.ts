import { describe, expect, test } from 'vitest';
import { condition, expression, outcome, policy, sample, signal } from './evaluators.ts';

const facts = {
  iteration_count: 8,
  max_iterations: 10,
  confidence: 0.75,
  error_count: 0,
  tokens_used: 9_007_199_254_740_993n,
  cost_usd: 2,
  elapsed_seconds: 1.5,
  proposal_count: 1,
};

describe('ints and doubles', () => {
  test.each([
    ['iteration_count % 4 == 0', true],
    ['iteration_count % 3 == 0', false],
    ['-iteration_count % 3 == -2', true],
    ['iteration_count / 3 == 2', true],
    ['-iteration_count / 3 == -2', true],
    ['cost_usd + 1 > 2', true],
    ['1 + cost_usd > 3', false],
    ['cost_usd - 1 == 1', true],
    ['max_iterations - cost_usd == 8', true],
    ['max_iterations * 0.9 == 9', true],
    ['0.9 * max_iterations == 9.0', true],
    ['1 - confidence == 0.25', true],
    ['cost_usd / 4 == 0.5', true],
    ['max_iterations / 4.0 == 2.5', true],
    ['cost_usd == 2', true],
    ['2 == cost_usd', true],
    ['cost_usd != 2', false],
    ['3 != cost_usd', true],
    ['iteration_count >= 7.5 && 8.5 > iteration_count', true],
    ['tokens_used > 9007199254740992.0', true],
    ['tokens_used == 9007199254740992.0', false],
    ['iteration_count >= max_iterations * 0.9 || confidence >= 0.75', true],
    ['iteration_count > 1 ? cost_usd < 5.0 : false', true],
  ])('%s is %s', (source, answer) => {
    expect(outcome(signal, source, facts)).toBe(answer);
  });

  const noMeaning = 'evaluation: the result is not a finite number';
  const overflow = 'evaluation: the result is beyond the 64 bits of an int';
  test.each([
    ['iteration_count / error_count == 1', 'evaluation: division by zero'],
    ['iteration_count % error_count == 1', 'evaluation: division by zero'],
    ['cost_usd / error_count > 1', 'evaluation: division by zero'],
    ['cost_usd / 0.0 > 1.0', 'evaluation: division by zero'],
    ['(cost_usd - cost_usd) / 0.0 > 1.0', 'evaluation: division by zero'],
    ['1e308 * 10.0 > 1.0', noMeaning],
    ['1e308 * max_iterations > 1.0', noMeaning],
    ['-1e308 - 1e308 < 0.0', noMeaning],
    ['9223372036854775807 + error_count == 9223372036854775807', true],
    ['9223372036854775807 + iteration_count > 0', overflow],
    ['-9223372036854775807 - iteration_count < 0', overflow],
    ['9223372036854775807 * max_iterations > 0', overflow],
    ['-9223372036854775808 < 0', true],
    ['-(-9223372036854775808) > 0', overflow],
    ['-9223372036854775808 / -1 > 0', overflow],
    ['-9223372036854775808 % -1 == 0', true],
    // CEL's logic: what decides is the answer.
    ['true || iteration_count / error_count == 1', true],
    ['iteration_count / error_count == 1 || true', true],
    ['iteration_count / error_count == 1 && false', false],
    ['iteration_count / error_count == 1 && true', 'evaluation: division by zero'],
  ])('%s is %s', (source, result) => {
    expect(outcome(signal, source, facts)).toBe(result);
  });
});

describe('texts and lists', () => {
  const values = { s: 'déjà 🦊', t: 'tier_1_read', l: ['read', 'write'], b: true };
  test.each([
    ['size(s) == 6', true],
    ['s.size() == 6', true],
    ['s.contains("🦊") && s.startsWith("dé") && s.endsWith("🦊")', true],
    ['"" in l', false],
    ['"write" in l', true],
    ['!("write" in l)', false],
    ['t in ["tier_1_read", "tier_2_write"]', true],
    ['t.matches("^tier_[0-9]_")', true],
    ['t.matches("read$") && t.matches("1") && !t.matches("^read")', true],
    ["t.matches(r'^tier_\\d')", true],
    ['t + "!" == "tier_1_read!"', true],
    ['"a" < "b" && "b" <= "b" && "c" > "b" && false < true', true],
    ['l[0] == "read"', true],
    ['l[2] == "read"', 'evaluation: the index is outside of the list'],
    ['l[-1] == "read"', 'evaluation: the index is outside of the list'],
    ['l.all(p, p.startsWith("w"))', false],
    ['l.exists(p, p.startsWith("w"))', true],
    ['l.exists_one(p, p.size() > 3)', false],
    ['l.filter(p, p != "read") == ["write"]', true],
    ['l.map(p, p + "s") == ["reads", "writes"]', true],
    ['l.map(p, p == "read", p.size()) == [4]', true],
    ['size(l + ["admin"]) == 3 && l.size() == 2', true],
    ['[].all(p, false) && ![].exists(p, true)', true],
    ['{"a": 1, "constructor": 2}.constructor == 2', true],
    ['"a" in {"a": 1} && !("toString" in {"a": 1})', true],
    ['{"a": 1} == {"a": 1} && {"a": 1} != {"b": 1}', true],
    // One item that decides is enough, whatever the others are.
    ['[0, 1].exists(n, 1 / n == 1)', true],
    ['[0, 1].all(n, 1 / n == 2)', false],
    ['[0, 1].all(n, 1 / n == 1)', 'evaluation: division by zero'],
    ['[0, 1].exists_one(n, 1 / n == 1)', 'evaluation: division by zero'],
    ['[0, 1].filter(n, 1 / n == 1) == [1]', 'evaluation: division by zero'],
    ['b // a comment', true],
  ])('%s is %s', (source, result) => {
    expect(outcome(sample, source, values)).toBe(result);
  });
});

describe('JSON', () => {
  const input = JSON.parse(`{"count": 3, "part": 0.5, "name": "x", "none": null, "ok": true, "empty": [],
    "items": [1, 2, 3], "mixed": [1, "a", null], "rows": [{"ok": true}, {"ok": true, "size": 4}],
    "constructor": 1, "__proto__": {"polluted": true}, "deep": {"a": {"b": [{"c": "d"}]}}}`);
  test.each([
    ['input.count > 3', false],
    ['input.count == 3', true],
    ['3 == input.count', true],
    ['input.count == 3.0', true],
    ['input["count"] + 1 == 4', true],
    ['input.part * 2 == 1', true],
    ['size(input.items) > 0', true],
    ['input.items.size() == 3', true],
    ['input.items == [1, 2, 3]', true],
    ['3 in input.items', true],
    ['"a" in input.mixed && null in input.mixed && !("b" in input.mixed)', true],
    ['"count" in input && !("toString" in input)', true],
    ['input.items[1] == 2', true],
    ['input.deep.a.b[0].c == "d"', true],
    ['input.none == null', true],
    ['input.name != 3', true],
    ['input.rows.all(r, r.ok)', true],
    ['input.rows.exists(r, has(r.size) && r.size > 3)', true],
    ['input.rows.all(r, !has(r.size) || r.size > 3)', true],
    ['input.all(key, key != "")', true],
    ['has(input.count) && has(input.none) && !has(input.missing)', true],
    ['has(input.deep.a.b) && !has(input.deep.a.c)', true],
    ['input.ok', true],
    ['input.ok && input.count > 1', true],
    ['input.constructor == 1', true],
    ['input.missing == 1', 'evaluation: there is no such key'],
    ['input.toString == 1', 'evaluation: there is no such key'],
    ['input.deep.__proto__ == 1', 'evaluation: there is no such key'],
    ['input.deep.hasOwnProperty == 1', 'evaluation: there is no such key'],
    ['input.__proto__.polluted', true],
    ['has(input.missing.key)', 'evaluation: there is no such key'],
    ['has(input.name.length)', 'evaluation: string has no fields'],
    ['input.name.length == 1', 'evaluation: string has no fields'],
    ['input.none.key == 1', 'evaluation: null has no fields'],
    ['input.items.length == 3', 'evaluation: list has no fields'],
    ['input.items[0.5] == 1', 'evaluation: list has no index of type double'],
    ['input.items[9] == 1', 'evaluation: the index is outside of the list'],
    ['input[0] == 1', 'evaluation: map has no index of type int'],
    ['input.count', 'evaluation: the result is neither true nor false'],
    ['input.count && true', 'evaluation: "&&" needs bool, not double'],
    ['false || input.count', 'evaluation: "||" needs bool, not double'],
    ['!input.count', 'evaluation: "!" needs bool, not double'],
    ['-input.name == 1', 'evaluation: "-" has no meaning for string'],
    ['input.count ? true : false', 'evaluation: "?" needs bool, not double'],
    ['input.name > 3', 'evaluation: ">" has no meaning between string and int'],
    ['input.name + 3 == 3', 'evaluation: "+" has no meaning between string and int'],
    ['input.count % 2 == 1', 'evaluation: "%" has no meaning between double and int'],
    ['3 in input.count', 'evaluation: "in" has no meaning between int and double'],
    ['input.count.startsWith("3")', 'evaluation: startsWith() has no meaning between double and string'],
    ['input.count.matches("3")', 'evaluation: matches() has no meaning for double'],
    ['size(input.count) == 3', 'evaluation: size() has no meaning for double'],
    ['input.count.exists(n, true)', 'evaluation: exists() has no meaning for double'],
    ['input.items.all(n, n)', 'evaluation: a condition gives double, not bool'],
  ])('%s is %s', (source, result) => {
    expect(outcome(condition, source, { input })).toBe(result);
  });

  test('null is a JSON value and not an absent one', () => {
    expect(outcome(condition, 'input == null', { input: null })).toBe(true);
  });
});

describe('facts in groups', () => {
  test.each([
    ['agent.tier == "gold" && agent.certification_rank >= 2', true],
    ['agent . tier == "gold"', true],
    ['(agent.tier) == "gold"', true],
    ['agent.permissions.exists(p, p == "write")', true],
  ])('%s is %s', (source, answer) => {
    const values = { 'agent.tier': 'gold', 'agent.certification_rank': 3, 'agent.permissions': ['write'] };
    expect(outcome(policy, source, values)).toBe(answer);
  });
});

test('an expression knows its text and the facts it asks for, each once, sorted', () => {
  const { source, facts: names } = expression(
    policy,
    'context.tokens > 1 && agent.tier != "" && agent.tier != "x"',
  );
  expect(source).toBe('context.tokens > 1 && agent.tier != "" && agent.tier != "x"');
  expect(names).toEqual(['agent.tier', 'context.tokens']);
});

test('a variable of a quantifier is no fact', () => {
  expect(expression(sample, 'l.exists(p, p == s)').facts).toEqual(['l', 's']);
});
