import type { Pool } from 'pg';

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly total: number;
}

export async function findOrders(pool: Pool, customer: string): Promise<readonly Order[]> {
  const { rows } = await pool.query<Order>('SELECT id, customer, total FROM orders WHERE customer = $1', [
    customer,
  ]);
  return rows;
}
