import type { JsonValue } from '../../kernel/canonical.ts';
import { answered, refused } from '../text.ts';
import type { ToolResult } from '../types.ts';
import type { Answer } from './client.ts';
import { field } from './field.ts';

/** What a call has brought, as text. All that a server says is quoted, its failures too. */
export function readCallResult(answer: Answer): ToolResult {
  if (!answer.ok) return { ...refused('The server refuses the call.'), quoted: answer.message };
  const content = field(answer.result, 'content');
  const blocks = Array.isArray(content) ? content.map(textOf) : [];
  const structured = field(answer.result, 'structuredContent');
  const text =
    blocks.length > 0 || structured === undefined ? blocks.join('\n') : JSON.stringify(structured, null, 1);
  if (field(answer.result, 'isError') === true)
    return { ...refused('The call has failed.'), ...(text === '' ? {} : { quoted: text }) };
  return answered(text === '' ? '(no content)' : text);
}

function textOf(block: JsonValue): string {
  const [type, text, uri, mimeType] = ['type', 'text', 'uri', 'mimeType'].map((name) => field(block, name));
  if (type === 'text' && typeof text === 'string') return text;
  if (type === 'resource') {
    const inner = field(field(block, 'resource') ?? null, 'text');
    return typeof inner === 'string' ? inner : '(a resource that is no text is left out)';
  }
  if (type === 'resource_link') return `(a link to ${typeof uri === 'string' ? uri : 'a resource'})`;
  return `(${typeof mimeType === 'string' ? mimeType : 'something that is no text'} is left out)`;
}
