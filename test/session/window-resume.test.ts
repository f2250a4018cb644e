import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCassette } from '../../components/models/cassette.ts';
import type { ModelTurn } from '../../components/models/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { endsOf } from '../stores/log/frames.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { runIn } from './agents.ts';
import { agentPath, agentYaml, inOrder, repository, turn } from './support.ts';

/** A provider that counts a third more than we do: its counts take part in what is sent. */
const turns: readonly ModelTurn[] = [
  ...[1_300, 1_500, 1_700, 1_650, 1_650].map((inputTokens, index) => ({
    ...turn(`Step ${index}. ${'It changes the rate. '.repeat(10 * index)}`, ['list_files', { index }]),
    usage: { inputTokens, outputTokens: 20 },
  })),
  turn('Done.'),
];

test.each([
  '{mode: stateless}',
  '{context_window: {max_messages: 8}}',
  '{context_window: {max_tokens: 1900}}',
])('killed after any record it asks the same as if it had not been: %s', async (state) => {
  const cwd = repository({ [agentPath]: agentYaml({ state }) });
  const context = testContext(cwd);
  const place = await openCheckout(context, agentPath);
  const [store, session] = [workspace(), randomUUID()];
  const sessions = join(store, 'sessions');
  const open = (how: 'begin' | 'resume') => directoryStore(context, sessions).open(session, how);
  const lines: string[] = [];
  const log = await open('begin');
  const whole = await runIn(context, place, {
    model: inOrder(turns, (line) => lines.push(line)),
    log,
    session,
  });
  await log.close();
  expect(whole).toMatchObject({ outcome: 'complete', state: { sent: { leftOut: expect.any(Number) } } });
  expect(whole.state.sent?.leftOut).toBeGreaterThan(0);
  if (state.includes('max_tokens')) expect(whole.state.sent?.size?.counted).toBe('provider');
  // A cassette answers the requests of the whole run and no other.
  const cassette = join(store, 'turns.jsonl');
  writeFileSync(cassette, lines.join(''));
  cpSync(sessions, join(store, 'whole'), { recursive: true });
  const segment = join(sessions, session, '000001.log');
  const ends = endsOf(readFileSync(segment));
  expect(ends.length).toBeGreaterThan(12);
  for (const bytes of ends) {
    rmSync(sessions, { recursive: true });
    cpSync(join(store, 'whole'), sessions, { recursive: true });
    truncateSync(segment, bytes);
    const again = await open('resume');
    const end = await runIn(context, place, {
      model: await openCassette(context, cassette),
      log: again,
      session,
    });
    await again.close();
    expect(end.state.messages, `cut at ${bytes}`).toEqual(whole.state.messages);
    expect(end.state.sent, `cut at ${bytes}`).toEqual(whole.state.sent);
  }
});
