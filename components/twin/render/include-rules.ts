import type { DataPath } from '../../kernel/place.ts';
import { parseExpression } from './expression.ts';
import { renderFindings } from './findings.ts';
import { isMapping, type Mapping } from './merge.ts';
import type { Mistake } from './report.ts';

export interface RuleFacts {
  readonly variables: Mapping;
  /** Whether a file exists in the project whose file has the include. */
  readonly exists: (path: string) => Promise<boolean>;
}

export interface RulesResult {
  readonly included: boolean;
  readonly mistakes: readonly (Mistake & { readonly path: DataPath })[];
}

const clauses = ['if', 'exists', 'changes', 'when'];

/** Whether the `rules` of an include let it in: the first rule that fits decides, and `when: never` keeps it out. */
export async function evaluateIncludeRules(rules: unknown, facts: RuleFacts): Promise<RulesResult> {
  if (rules === undefined || rules === null) return { included: true, mistakes: [] };
  if (!Array.isArray(rules)) return wrong('include:rules config should be a array', ['rules']);
  const mistakes = rules.flatMap((rule, index) => checkRule(rule, index));
  if (mistakes.length > 0) return { included: false, mistakes };
  const warnings: (Mistake & { readonly path: DataPath })[] = [];
  for (const [index, rule] of rules.filter(isMapping).entries()) {
    const path = ['rules', index];
    const warn = (message: string) =>
      warnings.push({ code: renderFindings.RULE_NOT_EVALUATED, message, path });
    if (!(await fits(rule, facts, warn))) continue;
    return { included: rule.when !== 'never', mistakes: warnings };
  }
  return { included: false, mistakes: warnings };
}

function checkRule(rule: unknown, index: number): RulesResult['mistakes'] {
  const path = ['rules', index];
  if (!isMapping(rule)) return wrong('include:rules:rule config should be a hash', path).mistakes;
  const unknown = Object.keys(rule).find((key) => !clauses.includes(key));
  if (unknown !== undefined) {
    return wrong(`include:rules:rule config contains unknown keys: ${unknown}`, [...path, unknown]).mistakes;
  }
  const condition = rule.if ?? null;
  const valid = condition === null || (typeof condition === 'string' && parseExpression(condition));
  return valid ? [] : wrong('include:rules:rule if invalid expression syntax', [...path, 'if']).mistakes;
}

function wrong(message: string, path: DataPath): RulesResult {
  return { included: false, mistakes: [{ code: renderFindings.INCLUDE_RULES, message, path }] };
}

async function fits(rule: Mapping, facts: RuleFacts, warn: (message: string) => void): Promise<boolean> {
  const condition = rule.if;
  if (typeof condition === 'string' && !parseExpression(condition)?.holds({ variables: facts.variables })) {
    return false;
  }
  if (rule.changes !== undefined) {
    warn('`changes` of an include needs a diff, which the twin has not here; it was taken as fulfilled');
  }
  return rule.exists === undefined || (await anyExists(rule.exists, facts, warn));
}

async function anyExists(
  exists: unknown,
  facts: RuleFacts,
  warn: (message: string) => void,
): Promise<boolean> {
  const paths: readonly unknown[] = Array.isArray(exists) ? exists : [exists];
  if (!paths.every((path) => typeof path === 'string' && !/[*?[{$]/.test(path))) {
    warn('`exists` with wildcards, variables or a project is not evaluated; it was taken as fulfilled');
    return true;
  }
  const found = await Promise.all(paths.map((path) => facts.exists(String(path).replace(/^\/+/, ''))));
  return found.includes(true);
}
