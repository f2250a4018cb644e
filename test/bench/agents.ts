import { measureCanaries } from './agents/canaries.ts';
import { measureSandbox } from './agents/sandbox.ts';
import type { Figure } from './figure.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [...(await measureSandbox()), ...(await measureCanaries())];
}
