import type { IncomingMessage } from 'node:http';
import { nestParameters, refuseProto } from './parameters.ts';
import { Refusal } from './reply.ts';

/**
 * Reads a JSON, form or multipart body; a JSON body that is no object, as GitLab does, is under no name and is dropped.
 *
 * @throws Refusal 400 where it is malformed, 413 beyond `maxBytes`, 415 of another type
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Record<string, unknown>> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) return {};
  const header = request.headers['content-type'] ?? 'application/x-www-form-urlencoded';
  const type = header.split(';', 1)[0]?.trim().toLowerCase();
  switch (type) {
    case 'application/json':
      return parseJson(bytes.toString('utf8'));
    case 'application/x-www-form-urlencoded':
      return nestParameters(new URLSearchParams(bytes.toString('utf8')));
    case 'multipart/form-data':
      return nestParameters(await parseMultipart(bytes, header));
    default:
      throw new Refusal(415, { error: `The provided content-type '${type}' is not supported.` });
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    // The rest is read and thrown away, so that the client gets to its answer.
    if (size <= maxBytes) pieces.push(piece);
  }
  if (size > maxBytes) throw new Refusal(413, { error: '413 Request Entity Too Large' });
  return Buffer.concat(pieces);
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text, (key, member) => {
      refuseProto(key);
      return member;
    });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw malformed();
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

async function parseMultipart(bytes: Buffer, header: string): Promise<[string, string | File][]> {
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': header },
    }).formData();
    return [...form];
  } catch {
    throw malformed();
  }
}

function malformed(): Refusal {
  return new Refusal(400, { error: 'Problem while parsing the body: it does not match the declared format' });
}
