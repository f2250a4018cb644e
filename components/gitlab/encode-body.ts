import type { ApiBody, Query } from './types.ts';

export type SentBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

/** A body ready to be sent any number of times. */
export interface EncodedBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly open: () => SentBody | undefined;
}

export async function encodeBody(body: ApiBody | undefined): Promise<EncodedBody> {
  if (body === undefined) return { headers: {}, open: () => undefined };
  if ('json' in body) return fixed(JSON.stringify(body.json), 'application/json');
  if ('form' in body) {
    return fixed(encodeQuery(body.form).toString(), 'application/x-www-form-urlencoded');
  }
  if ('multipart' in body) {
    // Encoded by Node here: fetch may be of another undici, to which this FormData is a stranger.
    const encoded = new Response(body.multipart);
    return fixed(
      new Uint8Array(await encoded.arrayBuffer()),
      encoded.headers.get('content-type') ?? 'multipart/form-data',
    );
  }
  const type = body.type ?? 'application/octet-stream';
  if ('bytes' in body) return fixed(new Uint8Array(body.bytes), type);
  return {
    headers: { 'content-type': type, 'content-length': String(body.length) },
    open: () => ReadableStream.from(body.open()),
  };
}

function fixed(content: string | Uint8Array<ArrayBuffer>, type: string): EncodedBody {
  return { headers: { 'content-type': type }, open: () => content };
}

export function encodeQuery(query: Query | undefined): URLSearchParams {
  if (query instanceof URLSearchParams) return query;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined) continue;
    if (typeof value === 'object') for (const item of value) parameters.append(`${name}[]`, String(item));
    else parameters.append(name, String(value));
  }
  return parameters;
}
