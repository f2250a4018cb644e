import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failures } from '../../components/kernel/failure.ts';
import { parseUsd } from '../../components/kernel/money.ts';
import { costOf, dearestOf, findPrice, parsePrices, readPrices } from '../../components/models/prices.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

const list = await readPrices(testContext('/'), '');
const codeOf = (code: string) => expect.objectContaining({ code });

function row(models: string, prices = 'input: "3", output: "15"'): string {
  return `{provider: acme, models: ${models}, ${prices}, source: "https://acme.example/prices", date: "2025-11-30"}`;
}

const file = (...rows: readonly string[]) =>
  `format: pipewright/prices/v1\nprices:\n${rows.map((each) => `  - ${each}\n`).join('')}`;

/** What is said of a text, a line each. */
async function refusal(text: string): Promise<readonly string[]> {
  const error = await parsePrices('prices.yaml', text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Failures);
  const { failures } = error as Failures;
  for (const failure of failures) expect(failure).toEqual(codeOf('PRICE_FILE'));
  return failures.map(({ message }) => message);
}

describe('the list of ours', () => {
  test('has a source and a day for each price, and no output that is cheaper than input', () => {
    expect([...list.keys()]).toEqual(['anthropic', 'openai', 'google']);
    for (const price of [...list.values()].flatMap((models) => [...models.values()])) {
      expect(price.source).toMatch(/^https:/);
      expect(Date.parse(price.date)).toBeGreaterThan(Date.UTC(2025, 0));
      expect(price.outputPerToken).toBeGreaterThan(price.inputPerToken);
      expect(price.cachedInputPerToken ?? 0n).toBeLessThan(price.inputPerToken);
    }
  });

  test('knows the models that `init agent` writes', () => {
    const plan = readFileSync('components/setup/starter/plan.ts', 'utf8');
    const usual = [...plan.matchAll(/^ {2}(anthropic|openai|google): '([^']+)'/gm)];
    expect(usual).toHaveLength(3);
    for (const [, provider = '', model = ''] of usual)
      expect(findPrice(list, { provider, model }).inputPerToken).toBeGreaterThan(0n);
  });

  test('a call costs what the page says, to the last 10⁻¹² USD', () => {
    const price = findPrice(list, { provider: 'anthropic', model: 'claude-haiku-4-5' });
    expect(costOf(price, { inputTokens: 1_000_000, outputTokens: 0 })).toBe(parseUsd('1'));
    expect(costOf(price, { inputTokens: 1, outputTokens: 1 })).toBe(6_000_000n);
  });

  test('input that the provider had kept costs its own price, where there is one, and never more input than there was', () => {
    const price = { inputPerToken: 10n, outputPerToken: 30n, cachedInputPerToken: 1n, source: '', date: '' };
    const usage = { inputTokens: 100, outputTokens: 1, cachedInputTokens: 40 };
    expect(costOf(price, usage)).toBe(60n * 10n + 40n + 30n);
    expect(costOf({ ...price, cachedInputPerToken: undefined }, usage)).toBe(100n * 10n + 30n);
    expect(costOf(price, { ...usage, cachedInputTokens: 1_000 })).toBe(100n + 30n);
  });

  test('whichever of several models answers, what the dearest would cost is enough', () => {
    const sum = fc.bigInt({ min: 0n, max: 10n ** 9n });
    const one = fc.record({
      ...{ inputPerToken: sum, outputPerToken: sum },
      cachedInputPerToken: fc.option(sum, { nil: undefined }),
      ...{ source: fc.constant(''), date: fc.constant('') },
    });
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1 }),
        fc.nat(),
        fc.nat(),
        (prices, inputTokens, outputTokens) => {
          const dearest = dearestOf(prices);
          for (const price of prices)
            expect(dearest && costOf(dearest, { inputTokens, outputTokens })).toBeGreaterThanOrEqual(
              costOf(price, { inputTokens, outputTokens }),
            );
          expect(dearestOf([...prices, undefined])).toBeUndefined();
        },
      ),
    );
  });
});

describe('a model nobody knows the price of', () => {
  const unknown = (provider: string, model: string) => () => findPrice(list, { provider, model });
  test.each([
    ['anthropic', 'claude-sonet-4-5', 'the nearest that is known is claude-sonnet-4-5'],
    ['anthropic', 'x', 'known of anthropic: claude-opus-4-5-20251101'],
    [
      'antropic',
      'claude-sonnet-4-5',
      'no prices of the provider antropic are known, did you mean anthropic?',
    ],
    ['ollama', 'llama3', 'no prices of the provider ollama are known'],
    // Never by how its name begins: a next model of a family may cost anything.
    ['anthropic', 'claude-sonnet-4-5-20991231', 'the nearest that is known'],
    ['__proto__', 'toString', 'no prices'],
  ])('%s/%s', (provider, model, words) => {
    expect(unknown(provider, model)).toThrow(words);
    expect(unknown(provider, model)).toThrow(codeOf('PRICE_UNKNOWN'));
  });
});

describe('a file of the operator', () => {
  test('counts before the list, which has what the file does not name', async () => {
    const cwd = workspace({
      'prices.yaml': file(row('[rocket]', 'input: "0.000001", output: "999999.999999", cachedInput: "0"')),
      'dearer.yaml': file(row('[gpt-4o]', 'input: "7", output: "8"').replace('acme', 'openai')),
    });
    const own = await readPrices(testContext(cwd), 'prices.yaml');
    const rocket = findPrice(own, { provider: 'acme', model: 'rocket' });
    expect([rocket.inputPerToken, rocket.outputPerToken]).toEqual([1n, 999_999_999_999n]);
    expect(own.get('openai')).toEqual(list.get('openai'));
    const dearer = await readPrices(testContext(cwd), 'dearer.yaml');
    expect(findPrice(dearer, { provider: 'openai', model: 'gpt-4o' }).inputPerToken).toBe(7_000_000n);
    expect(dearer.get('openai')?.size).toBe(list.get('openai')?.size);
  });

  test('is no link, and is there', async () => {
    const cwd = workspace({ 'real.yaml': file(row('[a]')) });
    symlinkSync(join(cwd, 'real.yaml'), join(cwd, 'prices.yaml'));
    await expect(readPrices(testContext(cwd), 'prices.yaml')).rejects.toThrow('is a symbolic link');
    await expect(readPrices(testContext(cwd), 'none.yaml')).rejects.toEqual(codeOf('FILE_NOT_FOUND'));
  });

  test('every mistake is told with its place', async () => {
    const text = file(
      row('[a]', 'input: -3, output: "NaN"'),
      row('[b]', 'input: "1e9", output: "1.1234567"'),
    );
    const told = await refusal(text);
    expect(told.map((line) => line.split(' ')[0])).toEqual([
      'prices.yaml:3:42:',
      'prices.yaml:3:54:',
      'prices.yaml:4:42:',
      'prices.yaml:4:57:',
    ]);
  });

  test.each([
    ['no YAML', '{', 'prices.yaml:'],
    ['nothing', '', 'prices.yaml:1:1'],
    ['two documents', `${file(row('[a]'))}---\n1\n`, 'several documents'],
    ['another format', file(row('[a]')).replace('v1', 'v2'), 'format'],
    ['a model twice', file(row('[a]'), row('[b, a]')), 'prices.yaml:4:34: a has a price already'],
    ['a number in place of text', file(row('[a]', 'input: 3, output: "15"')), 'input'],
    ['too much', file(row('[a]', 'input: "1000000", output: "15"')), 'input'],
    ['no source', file(row('[a]').replace('https:', 'file:')), 'source'],
  ])('%s', async (_, text, words) => expect((await refusal(text)).join('\n')).toContain(words));

  test('a price is what was written, for every decimal of six places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 999_999_999 }), async (micro) => {
        const text = `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, '0')}`;
        const table = await parsePrices('p', file(row('[a]', `input: "${text}", output: "1"`)));
        expect(findPrice(table, { provider: 'acme', model: 'a' }).inputPerToken).toBe(BigInt(micro));
      }),
      { numRuns: 50 },
    );
  });
});
