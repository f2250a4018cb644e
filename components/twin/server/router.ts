import type { Method, Route } from './types.ts';

/** What a request's method and path lead to. */
export type Match =
  | {
      readonly kind: 'route';
      readonly route: Route;
      /** Decoded. */
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'method'; readonly allowed: readonly Method[] }
  | { readonly kind: 'unknown' }
  /** A `%` that encodes nothing. */
  | { readonly kind: 'malformed' };

export type Router = (method: string, path: string) => Match;

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string }
  /** All that follows, slashes included. */
  | { readonly kind: 'rest'; readonly name: string };

interface Compiled {
  readonly route: Route;
  readonly segments: readonly Segment[];
}

/** Finds routes by method and raw path below `/api/v4`; where several fit, words go before parameters, from the left. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes
    .map((route) => ({ route, segments: parsePattern(route.path) }))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return (method, path) => {
    const parts = decodeParts(path);
    if (parts === undefined) return { kind: 'malformed' };
    const fitting = compiled.flatMap(({ route, segments }) => {
      const params = matchSegments(segments, parts);
      return params === undefined ? [] : [{ route, params }];
    });
    if (fitting.length === 0) return { kind: 'unknown' };
    const found =
      fitting.find(({ route }) => route.method === method) ??
      (method === 'HEAD' ? fitting.find(({ route }) => route.method === 'GET') : undefined);
    if (found !== undefined) return { kind: 'route', ...found };
    return { kind: 'method', allowed: [...new Set(fitting.map(({ route }) => route.method))] };
  };
}

function parsePattern(path: string): Segment[] {
  return path
    .split('/')
    .slice(1)
    .map((text) => {
      if (text.startsWith(':')) return { kind: 'param', name: text.slice(1) };
      if (text.startsWith('*')) return { kind: 'rest', name: text.slice(1) };
      return { kind: 'literal', text };
    });
}

function rank({ segments }: Compiled): string {
  const ranks = { literal: '0', param: '1', rest: '2' };
  return segments.map(({ kind }) => ranks[kind]).join('');
}

// Split before it is decoded: `group%2Fproject` is one part.
function decodeParts(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.kind === 'rest') {
      const rest = parts.slice(index).join('/');
      if (rest === '') return undefined;
      return { ...params, [segment.name]: rest };
    }
    if (segment.kind === 'literal' ? part !== segment.text : part === '') return undefined;
    if (segment.kind === 'param') params[segment.name] = part;
  }
  return parts.length === segments.length ? params : undefined;
}
