import { createHash } from 'node:crypto';
import { type Environment, variables } from './ci-context.ts';

/** The span that ours hang below (W3C Trace Context). */
export interface TraceContext {
  /** `00-<trace id>-<span id>-<flags>`; one of a later version is kept as far as version 00 goes. */
  readonly traceParent: string;
  readonly traceState: string | undefined;
  /** `derived`: GitLab said nothing, so jobs of one pipeline share a trace by its number. */
  readonly from: 'carrier' | 'gitlab' | 'derived';
}

/**
 * Reads the parent of the job's spans: TRACEPARENT, by which another program or an earlier job hands it on; GitLab's own
 * variable; or derived as GitLab does, the trace from the number of the pipeline that began it all. What is not valid is
 * passed over, as the standard says. Undefined outside of a job.
 */
export function readTraceContext(env: Environment): TraceContext | undefined {
  return (
    given(env, 'TRACEPARENT', 'TRACESTATE', 'carrier') ??
    given(env, variables.traceParent.name, variables.traceState.name, 'gitlab') ??
    derived(env)
  );
}

function given(
  env: Environment,
  parent: string,
  state: string,
  from: TraceContext['from'],
): TraceContext | undefined {
  const traceParent = parseTraceParent(env[parent]);
  if (traceParent === undefined) return undefined;
  return { traceParent, traceState: parseTraceState(env[state]), from };
}

/** Gives the valid header in version 00, or undefined (www.w3.org/TR/trace-context §3.2). */
export function parseTraceParent(text: string | undefined): string | undefined {
  const parts = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(text?.trim() ?? '');
  if (parts === null) return undefined;
  const [, version, trace = '', span = '', flags, rest] = parts;
  const isOurs = version === '00';
  if (version === 'ff' || (isOurs && rest !== undefined)) return undefined;
  if (/^0+$/.test(trace) || /^0+$/.test(span)) return undefined;
  return `00-${trace}-${span}-${flags}`;
}

// Passed on as it is, so only what may stand in a header.
function parseTraceState(text: string | undefined): string | undefined {
  const state = text?.trim() ?? '';
  return state !== '' && state.length <= 512 && /^[\x20-\x7e]+$/.test(state) ? state : undefined;
}

// The pipeline above is the first one unless there are three levels; GitLab 18.9 and later name it.
function derived(env: Environment): TraceContext | undefined {
  const pipeline = env[variables.upstreamPipelineId.name] || env[variables.pipelineId.name] || '';
  const job = env[variables.jobId.name] ?? '';
  if (!/^[1-9]\d{0,18}$/.test(pipeline) || !/^\d+$/.test(job)) return undefined;
  const trace = BigInt(pipeline).toString(16).padStart(32, '0');
  const span = createHash('sha256').update(`job:${job}`).digest('hex').slice(0, 16);
  return { traceParent: `00-${trace}-${span}-01`, traceState: undefined, from: 'derived' };
}
