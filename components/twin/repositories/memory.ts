/** What was read of a repository and can never change; undefined is not kept, since what is missing can come. */
export type Recall = <T>(about: readonly (string | number | boolean)[], read: () => Promise<T>) => Promise<T>;

const capacity = 200;

/** Remembers the answers used last: each one costs a process, and a merge request asks for the same ones again and again. */
export function createMemory(): Recall {
  const known = new Map<string, Promise<unknown>>();
  return <T>(about: readonly (string | number | boolean)[], read: () => Promise<T>) => {
    const key = JSON.stringify(about);
    const answer = (known.get(key) as Promise<T> | undefined) ?? read();
    known.delete(key);
    known.set(key, answer);
    for (const oldest of known.keys()) {
      if (known.size <= capacity) break;
      known.delete(oldest);
    }
    const forget = () => void (known.get(key) === answer && known.delete(key));
    answer.then((found) => found === undefined && forget(), forget);
    return answer;
  };
}
