import { parseUsd } from '../../kernel/money.ts';
import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { sessionFindings as codes } from '../findings.ts';
import type { FieldReader } from '../manifest-data.ts';
import type { ManifestLimits } from './types.ts';

const cost = ['spec', 'constraints', 'cost'];

/** Versions put it at either place. */
const efficiencies: readonly DataPath[] = [['token_efficiency'], ['spec', 'token_efficiency']];

/**
 * Reads the budgets of an Agent's document: `spec.constraints.cost` of all versions, `token_efficiency.budget` of 0.4 and
 * later, `token_efficiency.token_budget` of 0.3.6. Where several speak of one thing the smallest counts.
 */
export function readLimits(data: unknown, reader: FieldReader): ManifestLimits {
  readCurrency(reader);
  const hard = efficiencies
    .map((path) => [...path, 'token_budget'])
    .filter((path) => isKept(data, reader, path));
  const least = (...paths: readonly DataPath[]): number | undefined => {
    const counts = paths.map((path) => reader.optionalCount(path)).filter((count) => count !== undefined);
    return counts.length === 0 ? undefined : Math.min(...counts);
  };
  const below = (name: string, old: string) => [
    ...efficiencies.map((path) => [...path, 'budget', name]),
    ...hard.map((path) => [...path, old]),
  ];
  return {
    request: {
      inputTokens: least(...below('max_input_tokens', 'input_limit')),
      outputTokens: least(...below('max_output_tokens', 'output_limit')),
      tokens: least([...cost, 'maxTokensPerRequest'], ...hard.map((path) => [...path, 'total_limit'])),
    },
    day: {
      tokens: least([...cost, 'maxTokensPerDay'], ...hard.map((path) => [...path, 'daily_limit'])),
      costPicoUsd: readMoney(reader, [...cost, 'maxCostPerDay']),
    },
  };
}

function readCurrency(reader: FieldReader): void {
  const path = [...cost, 'currency'];
  const currency = reader.text(path);
  if (currency === undefined || currency.toUpperCase() === 'USD') return;
  reader.issues.push({
    code: codes.UNSUPPORTED,
    path,
    message: `${renderPath(path)} is ${quote(currency)}: models are priced in USD, and nothing is converted`,
    expected: 'USD',
  });
}

function readMoney(reader: FieldReader, path: DataPath): bigint | undefined {
  const value = reader.number(path);
  if (value === undefined) return undefined;
  // The shortest text of a double is what its author wrote; exponents have none of it.
  const text = String(value);
  const picoUsd = parseUsd(text.includes('e') ? value.toFixed(12) : text);
  if (picoUsd !== undefined && picoUsd > 0n) return picoUsd;
  reader.issues.push({
    code: codes.FIELD,
    path,
    message: `${renderPath(path)} is ${text}`,
    expected: 'a sum above 0, at most 1000000, with at most 12 decimals',
  });
  return undefined;
}

/** `enabled` is false where nothing is said. What is only warned about, or shrinks a request, is no limit that ends a session. */
function isKept(data: unknown, reader: FieldReader, path: DataPath): boolean {
  if (valueAt(data, [...path, 'enabled']) !== true) return false;
  const enforcement = valueAt(data, [...path, 'enforcement']) ?? 'hard';
  if (enforcement !== 'soft') return true;
  reader.issues.push({
    code: codes.IGNORED,
    path: [...path, 'enforcement'],
    message: `${renderPath(path)} is left out: a budget ends a session or is none, and this one is soft`,
  });
  return false;
}
