import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Listen } from '../../components/kernel/context.ts';

/** @throws the error of the socket, such as EADDRINUSE */
export const listen: Listen = (handler, { port }) =>
  new Promise((resolve, reject) => {
    const server = createServer(handler);
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
