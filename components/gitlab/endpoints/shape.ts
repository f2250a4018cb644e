/** Reads one value of an answer; throws a TypeError that says where something else stands. */
export type Shape<T> = (data: unknown, at?: string) => T;

function refuse(at: string, expected: string, data: unknown): TypeError {
  const got = data === null ? 'null' : Array.isArray(data) ? 'a list' : typeof data;
  return new TypeError(`${at}: expected ${expected}, got ${data === undefined ? 'nothing' : got}`);
}

export const text: Shape<string> = (data, at = 'the answer') => {
  if (typeof data !== 'string') throw refuse(at, 'a text', data);
  return data;
};

/** A number without fraction, such as an id or a count. */
export const integer: Shape<number> = (data, at = 'the answer') => {
  if (!Number.isSafeInteger(data)) throw refuse(at, 'an integer', data);
  return data as number;
};

export const flag: Shape<boolean> = (data, at = 'the answer') => {
  if (typeof data !== 'boolean') throw refuse(at, 'true or false', data);
  return data;
};

/** A hash of a commit, SHA-1 or SHA-256. */
export const commitId: Shape<string> = (data, at = 'the answer') => {
  if (typeof data !== 'string' || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(data)) {
    throw refuse(at, 'the id of a commit', data);
  }
  return data;
};

/** Null and a missing field alike are undefined. */
export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (data, at) => (data === undefined || data === null ? undefined : shape(data, at));
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (data, at = 'the answer') => {
    if (!Array.isArray(data)) throw refuse(at, 'a list', data);
    return data.map((item, index) => shape(item, `${at}[${index}]`));
  };
}

/** One of a closed set of words. Sets that GitLab adds to are read as text. */
export function oneOf<const Word extends string>(words: readonly Word[]): Shape<Word> {
  return (data, at = 'the answer') => {
    const found = words.find((word) => word === data);
    if (found === undefined) throw refuse(at, `one of ${words.join(', ')}`, data);
    return found;
  };
}

/** The fields we use, under GitLab's names in our spelling: `webUrl` is read from `web_url`. */
export function record<T extends object>(fields: { readonly [Name in keyof T]: Shape<T[Name]> }): Shape<T> {
  const entries = Object.entries<Shape<unknown>>(fields).map(
    ([name, shape]) => [name, snakeName(name), shape] as const,
  );
  return (data, at = 'the answer') => {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw refuse(at, 'an object', data);
    const given = data as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      entries.map(([name, wire, shape]) => [name, shape(given[wire], `${at}.${wire}`)]),
    ) as T;
  };
}

/** One field of an object: `field('commit', record({ id: commitId }))`. */
export function field<T>(name: string, shape: Shape<T>): Shape<T> {
  const outer = record<{ readonly value: unknown }>({ value: (data) => data });
  return (data, at = 'the answer') => {
    outer(data, at);
    return shape((data as Readonly<Record<string, unknown>>)[name], `${at}.${name}`);
  };
}

/** The fields of these names as GitLab writes them, without those that are not there: `externalUrl` → `external_url`. */
export function wireFields<Input extends object, Name extends keyof Input & string>(
  input: Input,
  names: readonly Name[],
): Record<string, Input[Name]> {
  const given = names.filter((name) => input[name] !== undefined);
  return Object.fromEntries(given.map((name) => [snakeName(name), input[name]]));
}

function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
