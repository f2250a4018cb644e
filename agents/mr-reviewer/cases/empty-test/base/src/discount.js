export function discount(total) {
  return total > 100 ? total * 0.9 : total;
}
