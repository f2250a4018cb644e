import type { PolicyRequest } from '../../../components/policy/types.ts';
import { type Figure, figure, median } from '../figure.ts';
import { createBufbuild } from './policies/bufbuild.ts';
import { createCedar } from './policies/cedar.ts';
import { createClosures } from './policies/closures.ts';
import type { MeasuredEngine, Verdict } from './policies/engine.ts';
import { createOurs } from './policies/ours.ts';
import { type MeasuredPolicy, policySet, teamsOf } from './policies/policy-set.ts';
import { requestsOf } from './policies/requests.ts';

const requestCount = 10_000;
const windows = 5;
const windowMs = 250;
const warmUpMs = 400;

interface Peer {
  readonly name: string;
  readonly create: (policies: readonly MeasuredPolicy[]) => MeasuredEngine | Promise<MeasuredEngine>;
  /** Requests of a set of that size, where fewer than all: Cedar takes milliseconds each. */
  readonly requests?: Readonly<Record<number, number>>;
}

const peers: readonly Peer[] = [
  { name: 'closures indexed', create: (policies) => createClosures(policies, { linear: false }) },
  { name: 'closures linear', create: (policies) => createClosures(policies, { linear: true }) },
  { name: '@bufbuild/cel indexed', create: createBufbuild },
  { name: 'cedar-wasm', create: createCedar, requests: { 20: 4_000, 200: 1_000, 2000: 200 } },
];

/**
 * Decisions a second on one core, all deciding ids included, beside peers that are given the same policies and requests
 * in the same run. Ours alone checks all facts of each request inside the measured time.
 */
export async function measurePolicies(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const agreements: string[] = [];
  let mismatches = 0;
  for (const size of [20, 200, 2_000]) {
    const policies = policySet(size);
    const requests = requestsOf(teamsOf(size) || 18, requestCount);
    const ours = await createOurs(policies);
    const verdicts = requests.map((request) => ours.verdict(ours.decide(request)));
    const speed = timed(ours.decide, requests);
    const compared: string[] = [];
    for (const { name, create, requests: fewer } of peers) {
      const engine = await create(policies);
      const asked = requests.slice(0, fewer?.[size] ?? requestCount);
      mismatches += disagreements(engine, asked, verdicts);
      agreements.push(`${name} ${asked.length} of ${size}`);
      compared.push(`${name} ${inWords(timed(engine.decide, asked.map(engine.prepare)))}`);
    }
    const allowed = Math.round((100 * verdicts.filter((verdict) => verdict.allowed).length) / requestCount);
    figures.push(...figuresOf(size, speed, `${compared.join(', ')}; ${allowed} % allowed`));
  }
  const against = `decisions and all ids, requests by set: ${agreements.join(', ')}`;
  const agreed = figure({
    ...{ id: 'policy-mismatches', value: mismatches, unit: '', better: 'lower', goal: 0, against },
  });
  return [...figures, agreed];
}

function figuresOf(size: number, { rate, p50, p99 }: Speed, against: string): readonly Figure[] {
  const goals = size === 200 ? { rate: 300_000, p99: 10 } : { rate: null, p99: null };
  return [
    figure({
      ...{ id: `policy-decisions-per-second-${size}`, value: rate, unit: '/s', better: 'higher' },
      ...{ goal: goals.rate, against },
    }),
    figure({
      ...{ id: `policy-decision-p99-${size}`, value: p99, unit: 'µs', better: 'lower', goal: goals.p99 },
      against: `p50 ${p50.toFixed(1)} µs; each call by itself, the clock included`,
    }),
  ];
}

function disagreements(
  engine: MeasuredEngine,
  requests: readonly PolicyRequest[],
  verdicts: readonly Verdict[],
): number {
  return requests.filter((request, index) => {
    const verdict = engine.verdict(engine.decide(engine.prepare(request)));
    return JSON.stringify(verdict) !== JSON.stringify(verdicts[index]);
  }).length;
}

interface Speed {
  /** Decisions a second, the median of the windows. */
  readonly rate: number;
  /** Microseconds of single calls. */
  readonly p50: number;
  readonly p99: number;
}

function timed<Input>(decide: (input: Input) => unknown, inputs: readonly Input[]): Speed {
  rateFor(decide, inputs, warmUpMs);
  const rates = Array.from({ length: windows }, () => rateFor(decide, inputs, windowMs));
  const times = inputs.map((input) => {
    const started = performance.now();
    decide(input);
    return (performance.now() - started) * 1_000;
  });
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { rate: median(rates), p50: at(0.5), p99: at(0.99) };
}

/** Decides the requests in turn until the time is over, looking at the clock once every twenty. */
function rateFor<Input>(decide: (input: Input) => unknown, inputs: readonly Input[], ms: number): number {
  const started = performance.now();
  let done = 0;
  for (let index = 0; ; ) {
    for (let step = 0; step < 20; step += 1) {
      decide(inputs[index] as Input);
      index = index + 1 < inputs.length ? index + 1 : 0;
    }
    done += 20;
    const elapsed = performance.now() - started;
    if (elapsed >= ms) return (done / elapsed) * 1_000;
  }
}

function inWords({ rate, p50, p99 }: Speed): string {
  const short =
    rate >= 1e6 ? `${(rate / 1e6).toFixed(2)} M` : `${(rate / 1e3).toFixed(rate < 1e4 ? 1 : 0)} k`;
  return `${short}/s (${p50.toFixed(1)}/${p99.toFixed(1)} µs)`;
}
