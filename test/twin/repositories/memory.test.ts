import { expect, test } from 'vitest';
import { createMemory } from '../../../components/twin/repositories/memory.ts';

function counting() {
  const reads: string[] = [];
  const recall = createMemory();
  const ask = (name: string, answer: () => Promise<string | undefined> = async () => name) =>
    recall([name], () => {
      reads.push(name);
      return answer();
    });
  return { reads, ask };
}

test('what was read once is known, and asked for twice at a time it is read once', async () => {
  const { reads, ask } = counting();
  expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a', 'a', 'b']);
  expect(await ask('a')).toBe('a');
  expect(reads).toEqual(['a', 'b']);
});

test('what is not there, or could not be read, is read again', async () => {
  const { reads, ask } = counting();
  expect(await ask('a', async () => undefined)).toBeUndefined();
  await expect(ask('a', () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(await ask('a')).toBe('a');
  expect(reads).toEqual(['a', 'a', 'a']);
});

test('what has not been asked for longest is forgotten', async () => {
  const { reads, ask } = counting();
  await ask('used');
  for (let index = 0; index < 250; index += 1) {
    await ask(`${index}`);
    await ask('used');
  }
  await ask('0');
  expect(reads.filter((name) => name === 'used')).toHaveLength(1);
  expect(reads.filter((name) => name === '0')).toHaveLength(2);
});
