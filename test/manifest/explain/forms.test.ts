import { describe, expect, test } from 'vitest';
import type { Schema, SchemaObject } from '../../../scripts/dev/build/ossa-schemas.ts';
import { formsOf } from '../../../scripts/dev/build/schema-forms.ts';

const documents = new Map([
  ['https://x/a', { $id: 'https://x/a', definitions: { short: { type: 'string', maxLength: 3 } } }],
]);

/** Biome forbids a property called `then`. */
function when(condition: Schema, met: Schema, otherwise: Schema = true): SchemaObject {
  return Object.fromEntries([
    ['if', condition],
    ['then', met],
    ['else', otherwise],
  ]);
}

function told(schema: Schema) {
  return formsOf(schema, documents).map(({ types, values, limits, when, fields, names, required }) => ({
    ...(types === undefined ? {} : { types }),
    ...(values === undefined ? {} : { values }),
    ...(limits === undefined ? {} : { limits }),
    ...(when === undefined ? {} : { when }),
    ...(fields.size === 0 ? {} : { fields: [...fields.keys()] }),
    ...(names === undefined ? {} : { names: [...names] }),
    ...(required.size === 0 ? {} : { required: [...required] }),
  }));
}

describe('the ways a value can be', () => {
  test.each<[string, Schema, readonly object[]]>([
    ['anything', true, [{}]],
    ['nothing', false, []],
    [
      'a reference',
      { $ref: 'https://x/a#/definitions/short' },
      [{ types: ['string'], limits: { maxLength: 3 } }],
    ],
    [
      'what stands beside a reference holds too',
      { $ref: 'https://x/a#/definitions/short', enum: ['a', 'b'] },
      [{ types: ['string'], values: ['a', 'b'], limits: { maxLength: 3 } }],
    ],
    [
      'all of several',
      { allOf: [{ type: ['string', 'number'] }, { type: ['number', 'null'], minimum: 2 }] },
      [{ types: ['number'], limits: { minimum: 2 } }],
    ],
    [
      'a whole number is a number',
      { allOf: [{ type: 'number' }, { type: 'integer' }] },
      [{ types: ['integer'] }],
    ],
    ['what excludes itself', { allOf: [{ type: 'string' }, { type: 'array' }] }, []],
    ['values that exclude themselves', { allOf: [{ const: 1 }, { enum: [2, 3] }] }, []],
    [
      'alternatives',
      { oneOf: [{ type: 'string' }, { type: 'array' }] },
      [{ types: ['string'] }, { types: ['array'] }],
    ],
    [
      'a condition on the type',
      { type: ['boolean', 'object'], ...when({ type: 'boolean' }, { const: false }) },
      [{ types: ['object'] }, { types: ['boolean'], values: [false] }],
    ],
    [
      'a condition on the text',
      { type: 'string', ...when({ pattern: '^[$]' }, { pattern: '^[$]x$' }, { enum: ['a'] }) },
      [
        { types: ['string'], values: ['a'] },
        { types: ['string'], limits: { pattern: '^[$]x$' } },
      ],
    ],
    [
      'a closed mapping keeps the shapes of its base and no more of its names',
      {
        properties: { a: true },
        additionalProperties: false,
        allOf: [{ type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] }],
      },
      [{ types: ['object'], fields: ['a'], names: ['a'], required: ['a'] }],
    ],
  ])('%s', (_, schema, forms) => {
    expect(told(schema)).toEqual(forms);
  });

  test('a condition on fields beside says when they need what', () => {
    const has = (type: object) => ({ properties: { type } });
    const http = when(has({ const: 'http' }), { required: ['url'], properties: { url: { type: 'string' } } });
    const mcp = when(has({ enum: ['mcp', 'a2a'] }), { properties: { url: { const: 'none' } } });
    const [form, ...more] = formsOf(
      { type: 'object', properties: { type: {} }, allOf: [http, mcp] },
      documents,
    );
    expect(more).toEqual([]);
    expect(form?.requiredWhen).toEqual([['url', 'type is http']]);
    expect(told(form?.fields.get('url') ?? false)).toEqual([
      { types: ['string'], when: 'type is http' },
      { values: ['none'], when: 'type is mcp or a2a' },
    ]);
  });

  test('are cut where they would be too many', () => {
    const two = { anyOf: [{ type: 'string' }, { type: 'number' }] };
    const many = {
      allOf: Array.from({ length: 30 }, (_, index) => ({ anyOf: [two, { maxLength: index }, {}] })),
    };
    expect(formsOf(many, documents).length).toBeLessThanOrEqual(24);
  });

  test('a reference that leads nowhere is a mistake', () => {
    expect(() => formsOf({ $ref: 'https://x/a#/definitions/long' }, documents)).toThrow(/leads nowhere/);
    expect(() => formsOf({ $ref: 'https://x/a#/properties/b' }, documents)).toThrow(/neither/);
  });
});
