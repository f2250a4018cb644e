/** Runs work one after another for each key; other keys go on meanwhile. */
export type Serialise = <T>(key: number, work: () => Promise<T>) => Promise<T>;

/** Two changes of one repository at once would read the same state and one would be lost. */
export function createSerialise(): Serialise {
  const last = new Map<number, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key) ?? Promise.resolve();
    const result = before.then(work, work);
    last.set(key, result);
    return result;
  };
}
