import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discount } from '../src/discount.js';

test('a rate takes its share off', async () => {
  assert.equal(await discount(200, { of: async () => 0.1 }), 180);
});

test('a wrong rate is refused', () => {
  assert.rejects(discount(200, { of: async () => 2 }), RangeError);
});
