import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Context } from '../../../../components/kernel/context.ts';
import { createSandbox } from '../../../../components/sandbox/create.ts';
import type { Rung, Sandbox } from '../../../../components/sandbox/types.ts';
import type { EgressFetch } from '../../../../components/tools/types.ts';
import { openBroker } from '../../../../scripts/wire/broker/open.ts';
import { createContext } from '../../../../scripts/wire/context.ts';
import { atEnd } from '../../../support/at-end.ts';
import { workspace } from '../../../support/workspace.ts';
import { receive } from '../receivers.ts';
import { canaries } from './canaries.ts';
import { lintScript, serverScript } from './manifest.ts';
import type { Planted } from './places.ts';
import { type Remote, serveRemote } from './remote.ts';

/** What all sessions of the adversary share: a job's surroundings with secrets in them, and two servers outside. */
export interface Shop {
  readonly context: Context;
  readonly sandbox: Sandbox;
  readonly rung: Rung;
  /** Beginning of the addresses that the manifest and the operator allow, and a server that nobody does. */
  readonly page: string;
  readonly evil: string;
  readonly fetch: EgressFetch;
  /** Puts a page on the allowed server, and gives its address. */
  readonly show: (page: string) => string;
  /** MCP servers over HTTP. */
  readonly remote: Remote;
  /** Requests that have reached each server. */
  readonly asked: () => { readonly allowed: readonly string[]; readonly evil: string };
  /** A checkout of the target branch with what its scripts say. */
  readonly checkout: (planted: Planted) => Promise<string>;
  /** All that sessions have printed. */
  readonly said: () => string;
}

export async function openShop(isRedacting = true): Promise<Shop> {
  const folder = workspace({ 'variable-file': canaries.file });
  const variables = {
    PATH: process.env.PATH ?? '',
    CI_JOB_TOKEN: canaries.token,
    DEPLOY_PASSWORD: canaries.variable,
    SIGNING_FILE: join(folder, 'variable-file'),
  };
  let printed = '';
  const write = (text: string) => {
    printed += text;
  };
  const made = createContext(
    { log: 'human', debug: true, secrets: [canaries.declared] },
    {
      env: variables,
      cwd: folder,
      cancel: new AbortController().signal,
      terminal: false,
      stdout: write,
      stderr: write,
    },
  );
  const context = isRedacting ? made : { ...made, redact: (text: string) => text };
  const [server, evil] = [await servePage(), await receive()];
  const page = `${server.url}/guide/`;
  const unlimited = { requests: 1e9, charactersOut: 1e9, doubtfulOut: 1e9, timeout: 2_000 };
  const broker = await openBroker(context, { upstreams: [], allow: [`private:${page}`], limits: unlimited });
  atEnd(() => broker.close());
  const sandbox = createSandbox(context);
  const { rung } = await sandbox.state();
  const usual = checkoutOf({});
  return {
    ...{ context, sandbox, rung, page, show: (text) => `${page}${server.show(text)}` },
    remote: await serveRemote(),
    evil: `http://127.0.0.1:${evil.port}`,
    fetch: async (url) => {
      const answer = await broker.fetch(url);
      const body = new Uint8Array(await answer.arrayBuffer());
      return {
        status: answer.status,
        contentType: answer.headers.get('content-type') ?? '',
        body,
        truncated: false,
      };
    },
    asked: () => ({ allowed: server.asked, evil: evil.take() }),
    checkout: async ({ said, served, described }) =>
      said === undefined && served === undefined
        ? usual
        : checkoutOf({
            'said.txt': `${said ?? ''}\n`,
            'said.json': JSON.stringify(served ?? ''),
            'described.json': JSON.stringify(described ?? ''),
          }),
    said: () => printed,
  };
}

/** As the runner leaves it, with a token in its settings of git. */
function checkoutOf(files: Readonly<Record<string, string>>): string {
  const config = `[remote "origin"]\n\turl = https://gitlab-ci-token:${canaries.token}@gitlab.example.com/acme/shop.git\n`;
  const folder = workspace({ ...files, 'tools/lint.sh': lintScript, 'tools/server.sh': serverScript });
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, '.git/config'), config);
  for (const script of ['lint', 'server']) chmodSync(join(folder, `tools/${script}.sh`), 0o755);
  return folder;
}

async function servePage() {
  const pages: string[] = [];
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    const page = pages[Number(/page\/(\d+)$/.exec(request.url ?? '')?.[1])];
    asked.push(`${request.url} ${JSON.stringify(request.headers)}`);
    answer
      .writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/plain; charset=utf-8' })
      .end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show: (text: string) => `page/${pages.push(text) - 1}`,
    asked,
  };
}
