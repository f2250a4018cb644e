import { expect, test } from 'vitest';
import { once } from '../../components/kernel/once.ts';

test('the work is done at the first call, and its result given at each', () => {
  let times = 0;
  const count = once(() => {
    times += 1;
  });
  expect(times).toBe(0);
  count();
  count();
  expect(times).toBe(1);
});
