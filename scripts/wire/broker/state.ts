import { createHash } from 'node:crypto';
import { createRedactor } from '../../../components/kernel/redact.ts';
import { type EgressRule, parseAllowList } from '../../../components/sandbox/broker/allow-list.ts';
import { errors } from '../../../components/sandbox/broker/errors.ts';
import {
  type BrokerRecord,
  type BrokerSettings,
  defaultEgressLimits,
  type EgressLimits,
  mostRecords,
  type Upstream,
} from '../../../components/sandbox/broker/types.ts';
import { assertUpstreams } from '../../../components/sandbox/broker/upstream-url.ts';

export interface BrokerState {
  /** Of each upstream: it, and its key. */
  readonly upstreams: Map<string, { readonly upstream: Upstream; readonly key: string | undefined }>;
  rules: readonly EgressRule[];
  limits: EgressLimits;
  readonly spent: { requests: number; charactersOut: number; doubtfulOut: number };
  readonly records: BrokerRecord[];
  readonly redact: (text: string) => string;
  /** Sets up once, and gives the variable each upstream's key is from. @throws BROKER_SETTINGS */
  readonly setUp: (settings: BrokerSettings) => Record<string, string | null>;
}

/** @param keys - by the names of their variables */
export function createState(keys: Readonly<Record<string, string>>): BrokerState {
  let isSetUp = false;
  const state: BrokerState = {
    upstreams: new Map(),
    rules: [],
    limits: defaultEgressLimits,
    spent: { requests: 0, charactersOut: 0, doubtfulOut: 0 },
    records: [],
    redact: createRedactor(Object.values(keys)),
    setUp: ({ upstreams, allow, limits = {} }) => {
      if (isSetUp) throw errors.SETTINGS({ what: 'a second word', expected: 'to be told once' });
      assertUpstreams(upstreams);
      state.rules = parseAllowList(allow);
      state.limits = { ...defaultEgressLimits, ...limits };
      isSetUp = true;
      const variables = upstreams.map((upstream) => {
        const variable = upstream.keyVariables.find((name) => keys[name] !== undefined);
        const key = variable === undefined ? undefined : keys[variable];
        state.upstreams.set(upstream.id, { upstream, key });
        return [upstream.id, variable ?? null] as const;
      });
      return Object.fromEntries(variables);
    },
  };
  return state;
}

export function note(state: BrokerState, record: Omit<BrokerRecord, 'at'>): void {
  if (state.records.length < mostRecords) state.records.push({ at: Date.now(), ...record });
}

export function digestOf(path: string): string {
  return `sha256:${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}
