import { createServer } from 'node:http';
import type { Pool } from 'pg';
import { findOrders } from './orders.ts';

export function serve(pool: Pool) {
  return createServer(async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const sort = searchParams.get('sort') ?? 'id';
    const orders = await findOrders(pool, searchParams.get('customer') ?? '', sort);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(orders));
  });
}
