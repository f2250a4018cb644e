import { parseExpression } from './expression.ts';
import { type HeaderMistake, headerMistake, unknownKeys } from './header-mistake.ts';
import { isMapping, type Mapping } from './merge.ts';

const ruleKeys = ['if', 'options', 'default'];
const maxOptions = 50;

/** The rules of an input; none where it has none. */
export function rulesOf(spec: Mapping): readonly Mapping[] | undefined {
  const { rules } = spec as { readonly rules?: unknown };
  return Array.isArray(rules) ? rules.filter(isMapping) : undefined;
}

/** The first rule whose `if` holds, or that has none. */
export function matchingRule(rules: readonly Mapping[], inputs: Mapping): Mapping | undefined {
  return rules.find((rule) => {
    const condition = rule.if;
    return typeof condition !== 'string' || (parseExpression(condition)?.holds({ inputs }) ?? false);
  });
}

/** Every mistake in the `rules` of one input. */
export function checkInputRules(name: string, rules: unknown): readonly HeaderMistake[] {
  const path = ['spec', 'inputs', name, 'rules'];
  if (!Array.isArray(rules)) {
    return [headerMistake(`header:spec:inputs:${name}:rules config should be a array`, path)];
  }
  return rules.flatMap((rule, index) => checkRule(name, rule, [...path, index]));
}

function checkRule(
  name: string,
  rule: unknown,
  path: readonly (string | number)[],
): readonly HeaderMistake[] {
  const mistake = (message: string) => headerMistake(`\`${name}\` input: ${message}`, path);
  if (!isMapping(rule)) return [mistake('should be a hash')];
  const mistakes = [...unknownKeys(`header:spec:inputs:${name}:rules:rule`, rule, ruleKeys, path)];
  const { if: condition, options } = rule as Readonly<Record<string, unknown>>;
  const conditional = condition !== undefined && condition !== null;
  if (conditional && (typeof condition !== 'string' || parseExpression(condition) === undefined)) {
    mistakes.push(mistake('if invalid expression syntax'));
  }
  if (options !== undefined && options !== null && !Array.isArray(options)) {
    mistakes.push(mistake('options should be a array'));
  }
  if (Array.isArray(options) && options.length > maxOptions) {
    mistakes.push(mistake(`cannot define more than ${maxOptions} options`));
  }
  if (conditional && !options && !Object.hasOwn(rule, 'default')) {
    mistakes.push(mistake("rule with 'if' must define 'options' or 'default'"));
  }
  if (!conditional && !options) mistakes.push(mistake("fallback rule must define 'options'"));
  return mistakes;
}

/** Rules that ask for inputs nobody declares, or for each other in a circle. */
export function checkRuleReferences(inputs: Mapping): readonly HeaderMistake[] {
  const mistakes: HeaderMistake[] = [];
  const graph = new Map<string, readonly string[]>();
  for (const [name, declared] of Object.entries(inputs)) {
    const needed = (isMapping(declared) ? (rulesOf(declared) ?? []) : []).map(inputsRead);
    graph.set(name, needed.flat());
    for (const [index, names] of needed.entries()) {
      const undeclared = names.filter((input) => !Object.hasOwn(inputs, input));
      if (undeclared.length === 0) continue;
      const message = `header:spec:inputs:${name} config rule[${index}] references undefined inputs: ${undeclared.join(', ')}`;
      mistakes.push(headerMistake(message, ['spec', 'inputs', name, 'rules', index, 'if']));
    }
  }
  const circular = [...graph.keys()].find((name) => reaches(graph, name, name));
  if (circular === undefined) return mistakes;
  const message = `header:spec:inputs:${circular} config circular dependency detected`;
  return [...mistakes, headerMistake(message, ['spec', 'inputs', circular, 'rules'])];
}

function inputsRead(rule: Mapping): readonly string[] {
  return typeof rule.if === 'string' ? (parseExpression(rule.if)?.inputs ?? []) : [];
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const open = [...(graph.get(from) ?? [])];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    open.push(...(graph.get(name) ?? []));
  }
  return false;
}
