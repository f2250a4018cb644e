export async function discount(total, rates) {
  const rate = await rates.of(total);
  if (rate < 0 || rate > 1) throw new RangeError(`no rate: ${rate}`);
  return total * (1 - rate);
}
