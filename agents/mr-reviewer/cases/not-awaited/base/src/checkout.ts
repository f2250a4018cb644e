import type { Mailer, Payments, Stock } from './ports.ts';

export async function checkOut(
  cart: { readonly id: string; readonly items: readonly string[] },
  { payments, stock, mailer }: { payments: Payments; stock: Stock; mailer: Mailer },
): Promise<void> {
  for (const item of cart.items) await stock.reserve(item);
  await payments.charge(cart.id);
  await mailer.confirm(cart.id);
}
