import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveTwin } from '../../contracts/client-and-twin/start.ts';
import { type Figure, figure, median } from '../figure.ts';

const rounds = 15;

/** Milliseconds until an empty twin has answered its first request, over those of a bare node:http server in this process. */
export async function measureStart(): Promise<readonly Figure[]> {
  const [twin, bare]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round += 1) {
    const times = [await startOfTwin(), await startOfServer()] as const;
    // The first round loads the modules and is not counted.
    if (round < 0) continue;
    twin.push(times[0]);
    bare.push(times[1]);
  }
  const [ours, theirs] = [median(twin), median(bare)];
  return [
    figure({
      ...{ id: 'twin-start-over-http-server', value: ours - theirs, unit: 'ms', better: 'lower', goal: 50 },
      against: `empty node:http server ${theirs.toFixed(1)} ms, twin ${ours.toFixed(1)} ms, each with its first answer, medians of ${rounds}`,
    }),
  ];
}

async function startOfTwin(): Promise<number> {
  const start = performance.now();
  const served = await serveTwin({ projects: {} });
  await (await fetch(`${served.twin.url}/api/v4/projects`)).arrayBuffer();
  const time = performance.now() - start;
  await served.close();
  return time;
}

async function startOfServer(): Promise<number> {
  const start = performance.now();
  const server = createServer((_, response) => response.end('[]'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer();
  const time = performance.now() - start;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return time;
}
