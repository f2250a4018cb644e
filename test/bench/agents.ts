import { measureAdversary } from './agents/adversary/measure.ts';
import { measureCanaries } from './agents/canaries.ts';
import { measureFilters } from './agents/filters.ts';
import { measureFirstCall } from './agents/first-call.ts';
import { measureLoop } from './agents/loop.ts';
import { measureOtherLoop } from './agents/other-loop.ts';
import { measureReplays } from './agents/replays.ts';
import { measureSandbox } from './agents/sandbox.ts';
import { measureWireFormats } from './agents/wire-formats.ts';
import type { Figure } from './figure.ts';

export async function bench(): Promise<readonly Figure[]> {
  return [
    ...(await measureWireFormats()),
    ...(await measureLoop(40, 5)),
    ...(await measureOtherLoop(40, 5)),
    ...(await measureFirstCall(7)),
    ...(await measureReplays(100)),
    ...(await measureFilters(200)),
    ...(await measureSandbox()),
    ...(await measureCanaries()),
    ...(await measureAdversary(2_000, 110)),
  ];
}
