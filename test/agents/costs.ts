import { readFileSync, writeFileSync } from 'node:fs';
import { table } from '../../scripts/dev/gen/outputs.ts';
import { type Case, modelOf } from './cases.ts';
import { parseCassette } from './read-cassette.ts';

const [begin, end] = [
  '<!-- costs: written by `PIPEWRIGHT_TEST_RECORD=1 npx vitest run test/agents` -->',
  '<!-- /costs -->',
];
const between = /<!-- costs: [\s\S]*<!-- \/costs -->/;

/** What the recorded sessions of an agent took, as its README tells it. */
export function costsIn(agent: string, cases: readonly Case<unknown>[]) {
  const rows = cases
    .filter(({ answers }) => answers !== undefined)
    .map(({ id, cassette }) => {
      const turns = parseCassette(readFileSync(cassette, 'utf8')).map(({ turn }) => turn);
      const sum = (of: (turn: (typeof turns)[number]) => number) =>
        turns.reduce((total, turn) => total + of(turn), 0);
      const usd = sum(({ costPicoUsd }) => Number(costPicoUsd)) / 1e12;
      const tokens = [sum(({ usage }) => usage.inputTokens), sum(({ usage }) => usage.outputTokens)];
      return [`\`${id}\``, String(turns.length), ...tokens.map(String), usd.toFixed(4)];
    });
  const head = ['case', 'turns', 'tokens in', 'tokens out', `USD, \`${modelOf(agent)}\``];
  const path = `agents/${agent}/README.md`;
  const text = `${begin}\n${table(head, rows).join('\n')}\n${end}`;
  const content = readFileSync(path, 'utf8').replace(between, () => text);
  return { path, content };
}

export function writeCosts(agent: string, cases: readonly Case<unknown>[]): void {
  const { path, content } = costsIn(agent, cases);
  writeFileSync(path, content);
}
