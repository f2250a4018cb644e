/**
 * Does something the first time only, say loading a module: to ask the loader again for one that it has takes longer than
 * most that is done with it.
 */
export function once<T>(work: () => T): () => T {
  let done: { readonly result: T } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}
