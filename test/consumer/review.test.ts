import { resolve } from 'node:path';
import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { recordIn, turn } from '../session/support.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, git, workspace } from '../support/workspace.ts';

const consumer = resolve('test/consumer/review');
const agent = 'agents/reviewer/agent.ossa.yaml';

const issue = {
  title: 'One unit for rates',
  body: 'Rates are percentages in one place and fractions in others. Pick one, and name it.',
};

/** What the model said of the first push, and of the second. */
const first = [
  turn('', ['read-diff', {}]),
  turn(
    'A factor of 100.',
    [
      'propose_note',
      {
        body: '`vat` is **19** now and was 0.19, but `withVat` still multiplies by `1 + vat`: a net price of 100 becomes 2,000.\n\nDivide by 100, or keep the fraction.',
      },
    ],
    ['propose_issue', issue],
    ['report', { confidence: 0.9 }],
  ),
  turn('Done.'),
];
const second = [
  turn('', ['read-diff', {}]),
  turn(
    'Mended.',
    ['propose_note', { body: 'The price is right again: `vat` is a percentage, and `withVat` divides by 100.' }],
    ['propose_issue', issue],
    ['report', { confidence: 0.95 }],
  ),
  turn('Done.'),
];

// `npx vitest run test/consumer -u` records it anew; without that a cassette that is not current fails here.
test('the cassette holds what the agent is asked today', async () => {
  const cwd = workspace();
  const lay = (name: string) => cpSync(resolve(consumer, name), cwd, { recursive: true });
  lay('project');
  commitAll(cwd);
  git(cwd, 'switch', '--quiet', '--create', 'price');
  const lines: string[] = [];
  for (const [overlay, turns] of [['first', first], ['second', second]] as const) {
    lay(overlay);
    git(cwd, 'commit', '--quiet', '--all', '--message', overlay);
    const context = testContext(cwd);
    lines.push(await recordIn(context, await openCheckout(context, agent), turns));
  }
  await expect(lines.join('')).toMatchFileSnapshot(resolve(consumer, 'project/agents/reviewer/turns.jsonl'));
});
