/** What a case names must be there. */
export function named<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the case has no ${name}`);
  return value;
}
