export function rate(country: string): number {
  if (country === 'DE') return 0.19;
  if (country === 'FR') return 0.2;
  return 0;
}
