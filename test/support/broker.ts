import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TakenKeys } from '../../components/kernel/context.ts';
import { partEnvironment } from '../../components/sandbox/broker/key-names.ts';
import { runBroker } from '../../scripts/wire/broker/serve.ts';
import { atEnd } from './at-end.ts';

export interface BrokerHere {
  /** For the context. */
  readonly broker: TakenKeys;
  /** Of the command: without keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly end: () => Promise<void>;
}

/** A broker with the keys of an environment, as a command finds it, but in this process: one of its own takes a quarter second. */
export function startBrokerHere(given: Readonly<Record<string, string>>): BrokerHere {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-broker-'));
  const { keys, rest: env } = partEnvironment(given);
  const stop = Promise.withResolvers<void>();
  const over = runBroker({
    ...{ folder, starter: 1, parent: () => 1, isRoot: false, become: () => undefined, env },
    stdin: (async function* () {
      yield Buffer.from(JSON.stringify(keys));
    })(),
    onSignal: (end) => void stop.promise.then(end),
  });
  const end = () => {
    stop.resolve();
    return over;
  };
  atEnd(end);
  return { broker: { folder, keys: Object.keys(keys) }, env, end };
}
