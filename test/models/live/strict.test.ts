import { expect, test } from 'vitest';
import { fitsStrictMode } from '../../../components/models/strict-schema.ts';
import { labelled, openApi, requestOf, startServer } from './support.ts';

const object = (properties: object, more: object = {}) => ({
  ...{ type: 'object', additionalProperties: false, required: Object.keys(properties), properties },
  ...more,
});

test.each([
  ['all fields, and no others', object({ a: { type: 'string' }, b: { type: 'integer' } }), true],
  [
    'lists, words and nothing',
    object({
      a: { type: 'array', items: object({ b: { type: 'string', enum: ['x', 'y'] } }) },
      c: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    }),
    true,
  ],
  ['an optional field', object({ a: { type: 'string' } }, { required: [] }), false],
  ['other fields', object({}, { additionalProperties: true }), false],
  ['nothing said of other fields', object({}, { additionalProperties: undefined }), false],
  ['a keyword that some refuse', object({ a: { type: 'string', maxLength: 9 } }), false],
  ['two types', object({ a: { type: ['string', 'null'] } }), false],
  ['no type', object({ a: {} }), false],
  ['a list of anything', object({ a: { type: 'array' } }), false],
  ['a choice at the top', { anyOf: [object({})] }, false],
  ['six levels', [1, 2, 3, 4, 5, 6].reduce<object>((inner) => object({ a: inner }), { type: 'null' }), false],
])('a schema with %s', (_, schema, fits) => expect(fitsStrictMode(schema as never)).toBe(fits));

/** Those that hold arguments to a schema while a model writes them; of the others nobody knows, or it is a trial. */
const held: readonly string[] = ['anthropic', 'openai responses', 'openai chat'];

test.each(labelled)('%s is asked to hold to a schema where it can', async (label, api) => {
  // Whatever is answered: it is looked at what was asked, to the byte.
  let body = '';
  const { url } = await startServer((sent, response) => {
    sent.on('data', (bytes) => {
      body += bytes;
    });
    sent.on('end', () => response.writeHead(400).end('{}'));
  });
  const model = await openApi(api, { url: url + api.path, choice: { model: 'claude-haiku-4-5' } });
  const request = requestOf(api);
  const strict = { ...request.tools[0], name: 'answer', strict: true };
  const asked = model.generate({ ...request, tools: [...request.tools, strict as never] });
  await expect(asked).rejects.toThrow('400');
  expect(body).toContain('"answer"');
  const texts = body.match(/"strict":(true|false)/g) ?? [];
  const others = api.name === 'openai' ? ['"strict":false'] : [];
  expect(texts).toEqual([...others, ...(held.includes(label) ? ['"strict":true'] : [])]);
});
