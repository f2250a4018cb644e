/** So many 10⁻¹² USD are a dollar. Sums are kept in them, whole: a price of a token has no remainder there. */
const picoPerUsd = 1_000_000_000_000n;
const decimals = 12;

/** Dollars beyond which a figure is a mistake. */
const mostUsd = 1_000_000n;

/** Dollars as a decimal number in 10⁻¹² USD, exactly; undefined for any other text, for signs, exponents and too large ones. */
export function parseUsd(text: string): bigint | undefined {
  const [, whole, fraction = ''] = /^(0|[1-9]\d{0,7})(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const pico = BigInt(whole) * picoPerUsd + BigInt(fraction.padEnd(decimals, '0'));
  return pico > mostUsd * picoPerUsd ? undefined : pico;
}

/** A sum for people, exactly: `1.5 USD`. */
export function renderUsd(picoUsd: bigint): string {
  const [sign, sum] = picoUsd < 0n ? ['-', -picoUsd] : ['', picoUsd];
  const fraction = String(sum % picoPerUsd)
    .padStart(decimals, '0')
    .replace(/0+$/, '');
  return `${sign}${sum / picoPerUsd}${fraction === '' ? '' : `.${fraction}`} USD`;
}
