/** What goes wrong with one request. */
export type Effect =
  /** Before the handler runs. */
  | { readonly kind: 'status'; readonly status: 403 | 429 | 500 | 502 | 503; readonly retryAfter?: number }
  /** The handler runs, and the client is told 502: it cannot know. */
  | { readonly kind: 'after' }
  /** The connection breaks: before the handler runs, after it, or in the middle of the answer's body. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' | 'middle' }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** A replica that lags: the answer this user got the last time for the same address; waits until there is one. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'malformed'; readonly how: 'html' | 'truncated' };

export interface Fault {
  /** All that is given must fit; nothing fits every request. */
  readonly match?: {
    readonly method?: string;
    /** A path below `/api/v4` as sent, or a pattern of it. */
    readonly path?: string | RegExp;
    /** The route's pattern. */
    readonly route?: string;
  };
  /** How many fitting requests pass first. Default 0. */
  readonly skip?: number;
  /** How many requests it meets. Default 1. */
  readonly times?: number;
  readonly what: Effect;
}

/** The part of a request faults are chosen by. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  /** Undefined of what is not the API's, which knows only effects from before a handler runs. */
  readonly route: string | undefined;
  /** Whether there is an earlier answer for `stale`. */
  readonly remembered: boolean;
}

/** Chooses by the order in which requests come; undefined lets one pass. */
export type Schedule = (target: FaultTarget) => Effect | undefined;

export interface Faults {
  /** The first added that fits a request meets it; one request meets one fault. */
  readonly add: (fault: Fault) => void;
  /** Asked where no added fault fits. */
  readonly follow: (schedule: Schedule) => void;
  /** Faults that have not met all their requests. */
  readonly pending: () => readonly Fault[];
  readonly clear: () => void;
  /** The fault of the request that comes now, and counts it. */
  readonly next: Schedule;
}

export function createFaults(): Faults {
  const open: { fault: Fault; passed: number; left: number }[] = [];
  let schedule: Schedule = () => undefined;
  return {
    add: (fault) => void open.push({ fault, passed: 0, left: fault.times ?? 1 }),
    follow: (wanted) => {
      schedule = wanted;
    },
    pending: () => open.map(({ fault }) => fault),
    clear: () => {
      open.length = 0;
      schedule = () => undefined;
    },
    next: (target) => {
      for (const [index, one] of open.entries()) {
        if (!fits(one.fault, target)) continue;
        one.passed += 1;
        if (one.passed <= (one.fault.skip ?? 0)) continue;
        one.left -= 1;
        if (one.left <= 0) open.splice(index, 1);
        return one.fault.what;
      }
      const effect = schedule(target);
      return effect !== undefined && isPossible(effect, target) ? effect : undefined;
    },
  };
}

function fits({ match = {}, what }: Fault, target: FaultTarget): boolean {
  const { method, path, route } = match;
  const isPath = typeof path === 'string' ? path === target.path : (path?.test(target.path) ?? true);
  const isMethod = method === undefined || method === target.method;
  return isPath && isMethod && (route === undefined || route === target.route) && isPossible(what, target);
}

function isPossible(what: Effect, { route, remembered }: FaultTarget): boolean {
  if (what.kind === 'stale') return remembered;
  const isBefore =
    what.kind === 'status' || what.kind === 'slow' || (what.kind === 'cut' && what.when === 'before');
  return isBefore || route !== undefined;
}

/** The name a journal gives an effect. */
export function nameOfEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'status':
      return `status ${effect.status}`;
    case 'cut':
      return `cut ${effect.when}`;
    case 'malformed':
      return `malformed ${effect.how}`;
    default:
      return effect.kind;
  }
}
