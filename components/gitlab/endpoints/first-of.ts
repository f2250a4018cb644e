/** The first that is it; no more of a list is asked for. */
export async function firstOf<T>(all: AsyncIterable<T>, isIt: (one: T) => boolean): Promise<T | undefined> {
  for await (const one of all) if (isIt(one)) return one;
  return undefined;
}
