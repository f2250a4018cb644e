export const vat = '19';

export function withVat(net: number): number {
  return net * (1 + vat / 100);
}
