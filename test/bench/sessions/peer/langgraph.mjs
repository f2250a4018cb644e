// `node langgraph.mjs <url> <default|lean> <iterations>`: keeps a growing state with PostgresSaver and prints what it took.
// default: put and putWrites, as a graph does each step. lean: what DeltaChannel comes to, messages whole every 25th step only, which
// its get would have to put together again and does not here.
import { randomUUID } from 'node:crypto';
import { uuid6 } from '@langchain/langgraph-checkpoint';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { before, message } from '../text.ts';

const [url, variant, iterations] = process.argv.slice(2);
const saver = PostgresSaver.fromConnString(url, { schema: `peer_${variant}` });
await saver.setup();
const thread = { thread_id: randomUUID(), checkpoint_ns: '' };
const messages = Array.from({ length: before }, (_, index) => ({
  role: 'assistant',
  content: message(index),
}));
let config = { configurable: thread };
const times = [];
for (let index = 0; index < Number(iterations); index += 1) {
  const added = { role: 'assistant', content: message(before + index) };
  messages.push(added);
  const version = index + 1;
  const isWhole = variant === 'default' || index % 25 === 0;
  const checkpoint = {
    ...{ v: 4, id: uuid6(index), ts: new Date().toISOString() },
    channel_values: { messages, counters: { iterations: version, tokens: version * 120 } },
    channel_versions: { messages: version, counters: version },
    versions_seen: { agent: { messages: index } },
  };
  const versions = isWhole ? { messages: version, counters: version } : { counters: version };
  const start = performance.now();
  config = await saver.put(config, checkpoint, { source: 'loop', step: index, parents: {} }, versions);
  await saver.putWrites(config, [['messages', [added]]], randomUUID());
  times.push(performance.now() - start);
}
await saver.end();
const gets = [];
for (let round = 0; round < 15; round += 1) {
  const start = performance.now();
  const fresh = PostgresSaver.fromConnString(url, { schema: `peer_${variant}` });
  await fresh.getTuple({ configurable: thread });
  gets.push(performance.now() - start);
  await fresh.end();
}
process.stdout.write(JSON.stringify({ times, gets }));
