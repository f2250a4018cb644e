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
  return hear();
}

async function must(request) {
  const { ok, result, error } = await ask(request);
  if (!ok) throw new Error(`${error.code}: ${error.message}`);
  return result;
}

const { opening } = await hear();
say({ type: 'hello', protocol: 1 });
const messages = [
  { role: 'system', text: 'Read the diff before you say anything of it.' },
  { role: 'user', text: opening },
];
for (;;) {
  const { text, toolCalls } = await must({ type: 'model', messages });
  const calls = toolCalls.map(({ id, name, arguments: input }) => ({ id, name, arguments: input }));
  messages.push({ role: 'assistant', text, toolCalls: calls });
  if (calls.length === 0) {
    const { ok, error } = await ask({ type: 'done' });
    if (ok) break;
    // It is not done without the answer of its manifest: the model is told so.
    messages.push({ role: 'user', text: error.message });
  }
  for (const { id: callId, name, arguments: input } of calls) {
    const result = await must({ type: 'tool', name, arguments: input });
    messages.push({ role: 'tool', callId, text: result.text, failed: result.failed });
  }
}
process.exit(0);
