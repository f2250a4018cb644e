import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rate } from '../src/rate.ts';

test('known countries have their rate', () => assert.equal(rate('DE'), 0.19));
