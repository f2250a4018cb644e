import type { Mailer, Payments, Stock } from './ports.ts';

const attempts = 3;

export async function checkOut(
  cart: { readonly id: string; readonly items: readonly string[] },
  { payments, stock, mailer }: { payments: Payments; stock: Stock; mailer: Mailer },
): Promise<void> {
  cart.items.forEach(async (item) => {
    await stock.reserve(item);
  });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    try {
      await payments.charge(cart.id);
      await mailer.confirm(cart.id);
      return;
    } catch {
      // It is tried again.
    }
  }
}
