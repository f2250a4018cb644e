#!/usr/bin/env node
// An agent's loop as a program of its own: asks the model, makes the calls it wants, until it wants none (docs/loops.md).
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

async function hear() {
  const { value, done } = await lines.next();
  if (done) process.exit(3);
  return JSON.parse(value);
}

let id = 0;
async function ask(request) {
  id += 1;
  say({ ...request, id });
  const answer = await hear();
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.result;
}

const { opening } = await hear();
say({ type: 'hello', protocol: 1 });
const messages = [
  { role: 'system', text: 'Read the diff before you say anything of it.' },
  { role: 'user', text: opening },
];
for (;;) {
  const { text, toolCalls } = await ask({ type: 'model', messages });
  const calls = toolCalls.map(({ id, name, arguments: input }) => ({ id, name, arguments: input }));
  messages.push({ role: 'assistant', text, toolCalls: calls });
  if (calls.length === 0) break;
  for (const { id: callId, name, arguments: input } of calls) {
    const result = await ask({ type: 'tool', name, arguments: input });
    messages.push({ role: 'tool', callId, text: result.text, failed: result.failed });
  }
}
await ask({ type: 'done' });
process.exit(0);
