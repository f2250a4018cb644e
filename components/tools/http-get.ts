import { asking } from './declared/known.ts';
import { answered, refused, usualLimit } from './text.ts';
import type { Fetched, Tool } from './types.ts';
import { allowedAddress } from './web/allowed-address.ts';

export const tool: Tool = {
  id: 'http-get',
  description:
    'Gets a page, text or JSON from an address that is allowed. Of a page its text is given. A redirect is followed as far as it stays there.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['url'],
    properties: { url: { type: 'string', minLength: 1, maxLength: 2000 } },
  },
  source: 'http',
  timeout: 60_000,
  outputLimit: usualLimit,
  readOn: 'ask for a smaller page',
  kind: 'http',
  permission: asking,
  // What it asks for, an allowed server learns.
  risk: 'medium',
  replay: 'pure',
  needs: 'egress',
  run: async (input, { egress }) => {
    if (egress === undefined) throw new TypeError('it is not offered without a way out');
    const address = allowedAddress((input as { url: string }).url, egress.allow);
    if (!address.ok)
      return refused(`This is not asked for: ${address.why}. Allowed: ${egress.allow.join(', ') || 'none'}.`);
    const fetched = await egress.fetch(address.url);
    // The words may hold some of the server's, such as the names in its certificate.
    if ('refused' in fetched) return { ...refused('It is not read.'), quoted: fetched.refused };
    const { status } = fetched;
    if (status < 200 || status > 299) return refused(`It answers ${status}.`);
    const text = await textOf(fetched);
    if (text === undefined) return refused('What it answers with is no text.');
    const more = fetched.truncated ? '\n(the answer goes on, and no more of it was read)' : '';
    return answered(`${text || '(no text)'}${more}`);
  },
};

/** Undefined where it is none. */
async function textOf({ contentType, body }: Fetched): Promise<string | undefined> {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const isHtml = type === 'text/html' || type === 'application/xhtml+xml';
  const isText =
    isHtml || type.startsWith('text/') || /^application\/([\w.+-]+\+)?(json|xml|yaml|x-yaml)$/.test(type);
  if (!isText) return undefined;
  const text = decode(body, parameters);
  if (text === undefined || !isHtml) return text;
  const { textOfHtml } = await import('./web/html-text.ts');
  return textOfHtml(text);
}

function decode(body: Uint8Array, parameters: readonly string[]): string | undefined {
  const named = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (body.includes(0)) return undefined;
  try {
    return new TextDecoder(named?.replaceAll('"', '') || 'utf-8').decode(body);
  } catch {
    // A character set that nobody knows.
    return undefined;
  }
}
