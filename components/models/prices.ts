import type { Context } from '../kernel/context.ts';
import { type Failure, Failures } from '../kernel/failure.ts';
import { assertNoLinks, readTextFile } from '../kernel/files.ts';
import { parseUsd } from '../kernel/money.ts';
import type { DataPath } from '../kernel/place.ts';
import { listed, nearest } from '../kernel/suggest.ts';
import { errors } from './errors.ts';
import type { PriceFile, PriceRow } from './prices.gen.ts';
import { type Mistake, readDocument } from './read-document.ts';
import type { Price, Usage } from './types.ts';

/** What each model costs, by provider and name. */
export type PriceTable = ReadonlyMap<string, ReadonlyMap<string, Price>>;

const mostBytes = 1024 * 1024;
const mostTold = 20;
/** A price is given for so many tokens. */
const million = 1_000_000n;

/**
 * The list prices that are part of the program and, where a file is given, those of the file in their place: what it says of a
 * model counts, and of models it does not name the list.
 *
 * @param path - of a file of the operator, in this checkout; empty for none. A manifest never names it
 * @throws Failures of PRICE_FILE, and what reading a file throws
 */
export async function readPrices(context: Context, path: string): Promise<PriceTable> {
  const { file } = await import('#prices/list');
  const list = await parsePrices(file.path, file.text);
  if (path === '') return list;
  await assertNoLinks(context, path);
  const own = await parsePrices(path, await readTextFile(context, path, { maxBytes: mostBytes }));
  const providers = new Set([...list.keys(), ...own.keys()]);
  return new Map(
    [...providers].map((name) => [name, new Map([...(list.get(name) ?? []), ...(own.get(name) ?? [])])]),
  );
}

/** Reads a file of prices (schemas/prices.schema.json). @throws Failures of PRICE_FILE: every mistake, with its place */
export async function parsePrices(file: string, text: string): Promise<PriceTable> {
  const { validate } = await import('#validators/prices');
  const read = await readDocument(text, validate);
  if (!read.ok) throw refused(file, read.mistakes);
  const { table, twice } = tableOf((read.data as PriceFile).prices);
  if (twice.length === 0) return table;
  throw refused(
    file,
    twice.map(({ path, model }) => ({ ...read.locate(path), reason: `${model} has a price already` })),
  );
}

function tableOf(rows: readonly PriceRow[]) {
  const table = new Map<string, Map<string, Price>>();
  const twice: { readonly path: DataPath; readonly model: string }[] = [];
  for (const [index, row] of rows.entries()) {
    const models = table.get(row.provider) ?? new Map<string, Price>();
    table.set(row.provider, models);
    for (const [at, model] of row.models.entries()) {
      if (models.has(model)) twice.push({ path: ['prices', index, 'models', at], model });
      models.set(model, priceOf(row));
    }
  }
  return { table, twice };
}

function priceOf({ input, output, cachedInput, source, date }: PriceRow): Price {
  // The schema allows six decimals for a million tokens: nothing is left over.
  const perToken = (usd: string) => (parseUsd(usd) ?? 0n) / million;
  return {
    inputPerToken: perToken(input),
    outputPerToken: perToken(output),
    cachedInputPerToken: cachedInput === undefined ? undefined : perToken(cachedInput),
    ...{ source, date },
  };
}

/** The price of exactly that model. @throws PRICE_UNKNOWN */
export function findPrice(
  table: PriceTable,
  { provider, model }: { provider: string; model: string },
): Price {
  const found = table.get(provider)?.get(model);
  if (found !== undefined) return found;
  const models = [...(table.get(provider)?.keys() ?? [])];
  const near = nearest(
    provider,
    [...table.keys()].filter((name) => name !== provider),
  );
  const nearModel = nearest(model, models);
  throw errors.UNKNOWN({
    ...{ provider, model },
    known:
      models.length === 0
        ? `no prices of the provider ${provider} are known${near === undefined ? '' : `, did you mean ${near}?`}`
        : nearModel === undefined
          ? `known of ${provider}: ${listed(models, 30)}`
          : `the nearest that is known is ${nearModel}`,
  });
}

/** What a call costs, in 10⁻¹² USD: whole, since a token costs a whole number of them. */
export function costOf(price: Price, { inputTokens, outputTokens, cachedInputTokens = 0 }: Usage): bigint {
  const { inputPerToken, outputPerToken, cachedInputPerToken = inputPerToken } = price;
  const cached = Math.min(cachedInputTokens, inputTokens);
  return (
    BigInt(inputTokens - cached) * inputPerToken +
    BigInt(cached) * cachedInputPerToken +
    BigInt(outputTokens) * outputPerToken
  );
}

/** The highest of each price: what a call costs at most, whichever of the models answers. Undefined where one is not known. */
export function dearestOf(prices: readonly (Price | undefined)[]): Price | undefined {
  const known = prices.filter((price) => price !== undefined);
  const [first] = known;
  if (first === undefined || known.length < prices.length) return undefined;
  if (known.length === 1) return first;
  const highest = (of: 'inputPerToken' | 'outputPerToken') => known.map((price) => price[of]).reduce(larger);
  return {
    ...first,
    ...{ inputPerToken: highest('inputPerToken'), outputPerToken: highest('outputPerToken') },
    cachedInputPerToken: undefined,
  };
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function refused(file: string, mistakes: readonly Mistake[]): Failures {
  const [first, ...rest] = mistakes
    .slice(0, mostTold)
    .map(({ line, column, reason }): Failure => errors.FILE({ place: `${file}:${line}:${column}`, reason }));
  if (first === undefined) throw new TypeError('a mistake is missing');
  return new Failures([first, ...rest]);
}
