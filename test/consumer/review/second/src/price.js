export const vat = 19;

export function withVat(net) {
  return net * (1 + vat / 100);
}
