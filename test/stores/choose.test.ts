import { describe, expect, test } from 'vitest';
import { chooseStore, type Setup, type StoreId } from '../../components/stores/choose.ts';

const bare: Setup = { isJob: false, hasKey: false, hasDatabase: false, hasBucket: false };
const full: Setup = { isJob: true, hasKey: true, hasDatabase: true, hasBucket: true };
const backends = ['local', 'agent-brain', 's3', 'elsewhere', '__proto__', undefined];
const setups = Array.from({ length: 16 }, (_, bits): Setup => {
  const has = (bit: number) => (bits & bit) !== 0;
  return { isJob: has(1), hasKey: has(2), hasDatabase: has(4), hasBucket: has(8) };
});

test.each<[string, StoreId]>([
  ['local', 'directory'],
  ['agent-brain', 'postgres'],
  ['s3', 's3'],
])('where everything is set up the backend %s is %s', (backend, store) => {
  expect(chooseStore('auto', full, backend)).toEqual({ store, instead: undefined });
});

test.each<[string, Partial<Setup>, StoreId, string]>([
  ['agent-brain', { hasDatabase: false }, 'gitlab-package', 'PIPEWRIGHT_POSTGRES_URL is not set'],
  ['s3', { hasBucket: false }, 'gitlab-package', 'PIPEWRIGHT_S3_URL is not set'],
  ['s3', { hasKey: false }, 'directory', 'PIPEWRIGHT_SESSION_KEY is not set'],
  ['s3', bare, 'directory', 'PIPEWRIGHT_S3_URL is not set'],
  ['toString', {}, 'gitlab-package', 'there is no such store'],
])('%s, with %j, is %s', (backend, less, store, why) => {
  const choice = chooseStore('auto', { ...full, ...less }, backend);
  expect(choice).toEqual({
    store,
    instead: `the manifest asks for the backend ${backend}, and ${why}: it is ${store}`,
  });
});

describe('whatever a manifest says', () => {
  test('it moves no store that the operator chose', () => {
    for (const store of ['directory', 'gitlab-package', 'postgres', 's3'] as const)
      for (const setup of setups)
        for (const backend of backends)
          expect(chooseStore(store, setup, backend)).toEqual({ store, instead: undefined });
  });

  test('it opens no store that is not set up, and never one without a key that needs one', () => {
    for (const setup of setups)
      for (const backend of backends) {
        const { store } = chooseStore('auto', setup, backend);
        if (store === 'postgres') expect(setup.hasDatabase).toBe(true);
        if (store === 's3') expect(setup.hasBucket && setup.hasKey).toBe(true);
        if (store === 'gitlab-package') expect(setup.isJob && setup.hasKey).toBe(true);
      }
  });
});

test('a database and a bucket that are there for something else are used by nobody who does not ask', () => {
  expect(chooseStore('auto', full).store).toBe('gitlab-package');
  expect(chooseStore('auto', { ...full, isJob: false }).store).toBe('directory');
});
