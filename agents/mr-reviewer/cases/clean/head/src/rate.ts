const rates: ReadonlyMap<string, number> = new Map([
  ['DE', 0.19],
  ['FR', 0.2],
  ['AT', 0.2],
]);

/** The rate of a country by its ISO code; 0 where it has none of ours. */
export function rate(country: string): number {
  return rates.get(country) ?? 0;
}
