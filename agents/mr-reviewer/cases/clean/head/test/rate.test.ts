import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rate } from '../src/rate.ts';

test('known countries have their rate', () => {
  assert.equal(rate('DE'), 0.19);
  assert.equal(rate('AT'), 0.2);
});

test('others have none', () => assert.equal(rate('__proto__'), 0));
