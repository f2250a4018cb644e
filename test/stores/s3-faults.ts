import type { Fault, S3Server } from './s3-server.ts';

const faults: readonly Fault[] = [
  { kind: 'status', status: 500, code: 'InternalError' },
  { kind: 'status', status: 500, code: 'InternalError', done: true },
  { kind: 'status', status: 503, code: 'SlowDown', headers: { 'retry-after': '1' } },
  { kind: 'status', status: 409, code: 'ConditionalRequestConflict' },
  { kind: 'cut', when: 'before' },
  { kind: 'cut', when: 'after' },
  { kind: 'half' },
  { kind: 'page', body: '<html>Bad gateway</html>' },
];

/** A fault for about a third of the requests, the same each time for one seed. */
export function s3Faults(seed: number): S3Server['fault'] {
  // A linear congruential generator (Numerical Recipes).
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => (random() < 1 / 3 ? faults[Math.floor(random() * faults.length)] : undefined);
}
