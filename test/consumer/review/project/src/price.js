export const vat = 0.19;

export function withVat(net) {
  return net * (1 + vat);
}
