import { Ajv, type AnySchema } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { renderPath } from '../../components/kernel/place.ts';
import { checkSchema, decodePointer } from '../../components/kernel/schema.ts';

function issues(schema: AnySchema, data: unknown) {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strict: false });
  formats.default(ajv);
  return checkSchema(ajv.compile(schema), data);
}

/** One line an issue: keyword, place, message, expectation, suggestion. */
function lines(schema: AnySchema, data: unknown): readonly string[] {
  return issues(schema, data).map(({ keyword, path, target, message, expected, suggestion }) =>
    [`${keyword} ${target === 'key' ? 'key ' : ''}${renderPath(path)}`, message, expected, suggestion]
      .filter((part) => part !== undefined)
      .join(' | '),
  );
}

const signals = ['continue', 'complete', 'blocked', 'escalate', 'checkpoint'];
const signalSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        signals: {
          type: 'array',
          items: { type: 'object', properties: { signal: { type: 'string', enum: signals } } },
        },
      },
    },
  },
};

describe('single keywords', () => {
  test.each<[AnySchema, unknown, readonly string[]]>([
    [
      signalSchema,
      { spec: { signals: [{}, {}, { signal: 'escalated' }] } },
      [
        'enum spec.signals[2].signal | spec.signals[2].signal is "escalated" | one of: continue, complete, blocked, escalate, checkpoint | escalate',
      ],
    ],
    [
      signalSchema,
      { spec: { signals: [{ signal: 5 }] } },
      [
        'enum spec.signals[0].signal | spec.signals[0].signal is 5 | one of: continue, complete, blocked, escalate, checkpoint',
      ],
    ],
    [{ const: 'Agent' }, 'agent', ['const  | the document is "agent" | "Agent" | Agent']],
    [{ properties: { a: { type: 'integer' } } }, { a: '12' }, ['type a | a is "12" | a whole number']],
    [
      { properties: { a: { type: ['string', 'array'] } } },
      { a: { b: 1 } },
      ['type a | a is a mapping | text or a list'],
    ],
    [
      { properties: { a: { required: ['name'] } } },
      { a: {} },
      ['required a | a lacks "name" | a field "name"'],
    ],
    [
      { properties: { name: {}, kind: {} }, required: ['name'], additionalProperties: false },
      { nmae: 'x', kind: 'y' },
      ['required  | the document lacks "name", but has "nmae" | a field "name" | name'],
    ],
    [
      { properties: { name: {}, kind: {} }, required: ['name'], additionalProperties: false },
      { kidn: 1, other: 2 },
      [
        'required  | the document lacks "name" | a field "name"',
        'additionalProperties key kidn | the document has an unknown field "kidn" | one of: name, kind | kind',
        'additionalProperties key other | the document has an unknown field "other" | one of: name, kind',
      ],
    ],
    [
      { properties: { a: { properties: { model: {}, tools: {} }, additionalProperties: false } } },
      { a: { tolls: 1, zzzzzz: 2 } },
      [
        'additionalProperties key a.tolls | a has an unknown field "tolls" | one of: model, tools | tools',
        'additionalProperties key a.zzzzzz | a has an unknown field "zzzzzz" | one of: model, tools',
      ],
    ],
    [
      { properties: { a: { pattern: '^[a-z]+$' } } },
      { a: 'A1' },
      ['pattern a | a is "A1" | text matching ^[a-z]+$'],
    ],
    [
      { properties: { a: { pattern: '^[a-z]+$', description: 'lower-case letters' } } },
      { a: 'A1' },
      ['pattern a | a is "A1" | lower-case letters'],
    ],
    [
      { properties: { a: { format: 'date-time' } } },
      { a: 'soon' },
      ['format a | a is "soon" | a date and time such as 2026-01-31T12:00:00Z'],
    ],
    [
      { properties: { a: { format: 'json-pointer' } } },
      { a: 'x' },
      ['format a | a is "x" | text in the format json-pointer'],
    ],
    [{ properties: { a: { minimum: 1 } } }, { a: 0 }, ['minimum a | a is 0 | at least 1']],
    [{ properties: { a: { maximum: 2 } } }, { a: 3 }, ['maximum a | a is 3 | at most 2']],
    [{ properties: { a: { exclusiveMinimum: 1 } } }, { a: 1 }, ['exclusiveMinimum a | a is 1 | more than 1']],
    [{ properties: { a: { exclusiveMaximum: 1 } } }, { a: 1 }, ['exclusiveMaximum a | a is 1 | less than 1']],
    [{ properties: { a: { minLength: 1 } } }, { a: '' }, ['minLength a | a is "" | at least 1 character']],
    [
      { properties: { a: { maxLength: 3 } } },
      { a: 'abcd' },
      ['maxLength a | a is "abcd" | at most 3 characters'],
    ],
    [{ properties: { a: { minItems: 1 } } }, { a: [] }, ['minItems a | a is [] | at least 1 item']],
    [
      { properties: { a: { maxItems: 1 } } },
      { a: [1, 2] },
      ['maxItems a | a is a list of 2 | at most 1 item'],
    ],
    [
      { properties: { a: { uniqueItems: true } } },
      { a: ['x', 'y', 'x'] },
      ['uniqueItems a[2] | a has "x" twice, at [0] and [2] | no item twice'],
    ],
    [
      { dependencies: { a: ['b', 'c'] } },
      { a: 1, b: 1 },
      ['dependencies  | the document has "a", which needs b, c as well | also: b, c'],
    ],
    [
      { propertyNames: { pattern: '^[a-z]+$' } },
      { 'A-1': 1 },
      ['pattern key A-1 | the name of a field of the document is "A-1" | text matching ^[a-z]+$'],
    ],
    [{ properties: { a: { multipleOf: 5 } } }, { a: 7 }, ['other a | a must be multiple of 5']],
    [
      { properties: { a: { not: { type: 'string' } } } },
      { a: 'x' },
      ['other a | a is in a form that is not allowed'],
    ],
    [{ properties: { a: false } }, { a: 1 }, ['other a | a is not allowed here']],
  ])('%#: %j', (schema, data, expected) => {
    expect(lines(schema, data)).toEqual(expected);
  });

  test('says what is there as well', () => {
    expect(issues({ properties: { name: {} }, required: ['name'] }, { nmae: 1 })[0]).toMatchObject({
      got: '"nmae"',
    });
    expect(issues({ minLength: 3 }, 'ab')[0]).toMatchObject({ got: '2 characters' });
    expect(issues({ type: 'number' }, [1])[0]).toMatchObject({ got: 'a list' });
  });

  test('cuts long values', () => {
    expect(issues({ maxLength: 3 }, 'x'.repeat(5_000))[0]?.message.length).toBeLessThan(120);
  });

  test('valid data has no issues', () => {
    expect(issues(signalSchema, { spec: {} })).toEqual([]);
  });
});

describe('alternatives', () => {
  const tool = (type: string, field: string) => ({
    type: 'object',
    properties: { type: { const: type }, [field]: { type: 'string' } },
    required: ['type', field],
    additionalProperties: false,
  });
  const inline = {
    properties: { tools: { items: { oneOf: [tool('mcp', 'server'), tool('http', 'url')] } } },
  };
  const referenced = {
    properties: { tools: { items: { oneOf: [{ $ref: '#/$defs/mcp' }, { $ref: '#/$defs/http' }] } } },
    $defs: { mcp: tool('mcp', 'server'), http: tool('http', 'url') },
  };

  test.each([
    ['inline', inline],
    ['behind $ref', referenced],
  ])('the discriminator tells which one is meant (%s)', (_, schema) => {
    expect(
      lines(schema, {
        tools: [
          { type: 'mcp', server: 's' },
          { type: 'http', uri: 'x' },
        ],
      }),
    ).toEqual(['required tools[1] | tools[1] lacks "url", but has "uri" | a field "url" | url']);
    expect(lines(schema, { tools: [{ type: 'htpp', url: 'x' }] })).toEqual([
      'enum tools[0].type | tools[0].type is "htpp" | one of: mcp, http | http',
    ]);
    expect(lines(schema, { tools: ['http'] })).toEqual(['type tools[0] | tools[0] is "http" | a mapping']);
    expect(lines(schema, { tools: [{ type: 'http', url: 5 }, 3] })).toEqual([
      'type tools[0].url | tools[0].url is 5 | text',
      'type tools[1] | tools[1] is 3 | a mapping',
    ]);
  });

  test('the branch of the right type is meant', () => {
    const schema = {
      properties: { model: { anyOf: [{ type: 'string' }, { type: 'object', required: ['id'] }] } },
    };
    expect(lines(schema, { model: {} })).toEqual(['required model | model lacks "id" | a field "id"']);
    expect(lines(schema, { model: 5 })).toEqual(['type model | model is 5 | text or a mapping']);
  });

  test('words of several branches are offered together', () => {
    const schema = {
      properties: { tier: { anyOf: [{ enum: ['free', 'premium'] }, { const: 'ultimate' }] } },
    };
    expect(lines(schema, { tier: 'premum' })).toEqual([
      'enum tier | tier is "premum" | one of: free, premium, ultimate | premium',
    ]);
  });

  test('one of several fields', () => {
    const schema = { type: 'object', anyOf: [{ required: ['file'] }, { required: ['inline'] }] };
    expect(lines(schema, {})).toEqual([
      'required  | the document lacks one of: file, inline | one of: file, inline',
    ]);
  });

  test('nested alternatives', () => {
    const inner = { anyOf: [{ type: 'string' }, { type: 'object', properties: { n: { type: 'integer' } } }] };
    const schema = { anyOf: [{ type: 'array', items: inner }, { type: 'boolean' }] };
    expect(lines(schema, [{ n: 'x' }])).toEqual(['type [0].n | [0].n is "x" | a whole number']);
  });

  test('too many alternatives fit', () => {
    const schema = { properties: { a: { oneOf: [{ type: 'integer' }, { type: 'number' }] } } };
    expect(lines(schema, { a: 1 })).toEqual(['other a | a fits more than one of the alternatives']);
  });

  test('mistakes beside an alternative are kept', () => {
    const schema = {
      properties: { a: { type: 'integer' }, b: { anyOf: [{ type: 'string' }, { type: 'array' }] } },
      allOf: [{ required: ['z'] }, { anyOf: [{ required: ['x'] }, { required: ['y'] }] }],
    };
    expect(lines(schema, { a: 'x', b: 1 })).toEqual([
      'required  | the document lacks "z" | a field "z"',
      'required  | the document lacks one of: x, y | one of: x, y',
      'type a | a is "x" | a whole number',
      'type b | b is 1 | text or a list',
    ]);
  });

  test('if/then reports what is wrong only', () => {
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
    const schema = { if: { properties: { kind: { const: 'Task' } } }, then: { required: ['steps'] } };
    expect(lines(schema, { kind: 'Task' })).toEqual([
      'required  | the document lacks "steps" | a field "steps"',
    ]);
  });
});

describe('order and places', () => {
  test('each mistake once, by path, indices as numbers', () => {
    const item = { type: 'integer' };
    const schema = { properties: { list: { items: { allOf: [item, { type: 'integer' }] } } } };
    const data = {
      list: Array.from({ length: 12 }, (_, index) => (index === 2 || index === 10 ? 'x' : index)),
    };
    expect(issues(schema, data).map((issue) => issue.path)).toEqual([
      ['list', 2],
      ['list', 10],
    ]);
  });

  test('pointers: ~0, ~1, and digits that are keys', () => {
    expect(decodePointer('', {})).toEqual([]);
    expect(decodePointer('/a~1b/~01/0/7', { 'a/b': { '~1': [{ '7': 1 }] } })).toEqual(['a/b', '~1', 0, '7']);
  });

  test('draft 2020-12 keywords', () => {
    const ajv = new Ajv2020({ allErrors: true, verbose: true });
    const validate = ajv.compile({
      type: 'object',
      properties: { a: {} },
      dependentRequired: { a: ['b'] },
      unevaluatedProperties: false,
    });
    expect(checkSchema(validate, { a: 1, c: 1 }).map((issue) => issue.keyword)).toEqual([
      'dependencies',
      'additionalProperties',
    ]);
  });
});
