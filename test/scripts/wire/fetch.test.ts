import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect as openSocket } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGitLab } from '../../../components/gitlab/client.ts';
import { path } from '../../../components/gitlab/path.ts';
import { json } from '../../../components/gitlab/read-body.ts';
import { createFetch } from '../../../scripts/wire/fetch.ts';
import { readProxies } from '../../../scripts/wire/proxy.ts';
import { testContext } from '../../support/cli.ts';
import { workspace, writeFiles } from '../../support/workspace.ts';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const hello: RequestListener = (request, response) => response.end(`hello from ${request.headers.host}`);

/** A proxy that takes every host for the server of that port, and what it was asked. */
async function proxyTo(port: number) {
  const asked: { line: string; authorization: string | undefined }[] = [];
  const server = createHttp((request, response) => {
    const { method, url, headers } = request;
    asked.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
    response.end('hello from the proxy');
  });
  server.on('connect', (request, socket) => {
    asked.push({ line: `CONNECT ${request.url}`, authorization: request.headers['proxy-authorization'] });
    const target = openSocket(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const side of [socket, target]) side.on('error', () => undefined);
  });
  return { asked, host: `127.0.0.1:${await listen(server)}` };
}

const host = 'gitlab.test.example';
const openssl = (() => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
})();

/** A server of a private authority, and that authority's file. */
async function privateServer(listener: RequestListener = hello) {
  const folder = workspace();
  const names = `subjectAltName=DNS:${host},DNS:localhost,IP:127.0.0.1`;
  const files = ['-keyout', 'key.pem', '-out', 'ca.pem'];
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const args = ['req', '-x509', ...options, '-subj', `/CN=${host}`, '-addext', names, ...files];
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(folder, name));
  const port = await listen(createHttps({ key: read('key.pem'), cert: read('ca.pem') }, listener));
  return { port, ca: join(folder, 'ca.pem') };
}

async function text(env: Record<string, string>, url: string): Promise<string> {
  return (await createFetch(env)(url)).text();
}

describe('a proxy', () => {
  test('is not needed', async () => {
    const port = await listen(createHttp(hello));
    expect(await text({}, `http://127.0.0.1:${port}/`)).toBe(`hello from 127.0.0.1:${port}`);
  });

  test('gets requests for http whole, with its own user name and password', async () => {
    const proxy = await proxyTo(0);
    const env = { HTTP_PROXY: `http://ada:se%40cret@${proxy.host}` };
    expect(await text(env, `http://${host}/x`)).toBe('hello from the proxy');
    const authorization = `Basic ${Buffer.from('ada:se@cret').toString('base64')}`;
    expect(proxy.asked).toEqual([{ line: `GET http://${host}/x`, authorization }]);
  });

  test.skipIf(openssl === undefined)('is a tunnel for https, in which it sees nothing', async () => {
    const server = await privateServer();
    const proxy = await proxyTo(server.port);
    const env = { HTTPS_PROXY: proxy.host, NODE_EXTRA_CA_CERTS: server.ca };
    expect(await text(env, `https://${host}/x`)).toBe(`hello from ${host}`);
    expect(proxy.asked.map(({ line }) => line)).toEqual([`CONNECT ${host}:443`]);
  });

  test('is taken from the variable in small letters first, and one for http is none for https', () => {
    const find = readProxies({ http_proxy: 'http://small', HTTP_PROXY: 'http://big' });
    expect(find(new URL('http://a.example'))?.host).toBe('small');
    expect(find(new URL('https://a.example'))).toBeUndefined();
    expect(readProxies({ http_proxy: '', HTTP_PROXY: 'http://big' })(new URL('http://a'))).toBeUndefined();
  });

  test.each([
    [
      'example.com',
      ['http://example.com', 'http://a.example.com', 'http://example.com.'],
      ['http://badexample.com'],
    ],
    ['.example.com', ['http://a.example.com', 'http://example.com'], ['http://example.org']],
    ['*.example.com', ['http://a.example.com'], ['http://example.com']],
    ['a.example:8080', ['http://a.example:8080'], ['http://a.example']],
    ['a.example:443', ['https://a.example'], ['http://a.example']],
    ['*', ['http://a.example', 'https://[2001:db8::1]'], []],
    [
      '10.0.0.0/8, 192.168.1.7',
      ['http://10.1.2.3', 'http://192.168.1.7'],
      ['http://11.1.2.3', 'http://192.168.1.8'],
    ],
    ['2001:db8::/32 [fd00::1]:80', ['http://[2001:db8::7]', 'http://[fd00::1]'], ['https://[fd00::1]']],
    ['EXAMPLE.com', ['http://example.COM'], []],
    ['bücher.de', ['http://bücher.de', 'http://a.xn--bcher-kva.de'], ['http://bucher.de']],
    ['*.bücher.de', ['http://a.bücher.de'], ['http://bücher.de']],
    ['10.0.0.1/0', ['http://11.1.2.3'], ['http://a.example']],
    ...['10.0.0.1/', '10.0.0.1/33', '10.0.0.1/8/0', '10.0.0.1/0x0', '::/', '::/129'].map(
      (block): [string, string[], string[]] => [block, [], ['http://10.0.0.1', 'http://[2001:db8::1]']],
    ),
    ['a.example/x, a.example?, @a.example, %zz', [], ['http://a.example']],
    [' , ,', [], ['http://a.example']],
  ])('is left aside by NO_PROXY=%s', (noProxy, aside, through) => {
    const find = readProxies({ HTTP_PROXY: 'http://p', HTTPS_PROXY: 'http://p', NO_PROXY: noProxy });
    for (const url of aside) expect([url, find(new URL(url))?.host]).toEqual([url, undefined]);
    for (const url of through) expect([url, find(new URL(url))?.host]).toEqual([url, 'p']);
  });

  test.each([
    'http://localhost:1',
    'http://127.0.0.1',
    'http://[::1]:3',
    'http://[::ffff:127.0.0.1]',
    'http://x.localhost',
  ])('is never asked for %s, which is this machine', (url) =>
    expect(readProxies({ HTTP_PROXY: 'http://p' })(new URL(url))).toBeUndefined(),
  );

  test('is asked for an address of another machine that is mapped into IPv6', () => {
    const find = readProxies({ HTTP_PROXY: 'http://p' });
    expect(find(new URL('http://[::ffff:128.0.0.1]'))?.host).toBe('p');
  });

  test.each([
    ['HTTPS_PROXY', 'http://ada:hunter2@:3128', 'it is no address'],
    ['https_proxy', 'socks5://ada:hunter2@proxy:1080', 'socks5: is neither http: nor https:'],
    ['HTTP_PROXY', 'http://ada:hunter2%zz@proxy', 'a % of no meaning'],
  ])('in %s that cannot be one is told, without the password', async (variable, value, words) => {
    const context = testContext('/', { fetch: createFetch({ [variable]: value }) });
    const gitlab = createGitLab(context, { apiUrl: `https://${host}/api/v4`, token: undefined });
    const error = await gitlab
      .request({ method: 'GET', path: path`version`, read: json((data) => data) })
      .catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: 'NETWORK_PROXY', kind: 'misuse' });
    expect((error as Error).message).toContain(variable);
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).not.toContain('hunter2');
  });
});

describe.skipIf(openssl === undefined)('a private authority', () => {
  test.each(['NODE_EXTRA_CA_CERTS', 'CI_SERVER_TLS_CA_FILE'])('is trusted by %s', async (variable) => {
    const { port, ca } = await privateServer();
    expect(await text({ [variable]: ca }, `https://127.0.0.1:${port}/`)).toContain('hello');
  });

  test('is not trusted without, which is told as such and not repeated', async () => {
    let connections = 0;
    const { port } = await privateServer();
    const send = createFetch({});
    const context = testContext('/', {
      fetch: ((...call: Parameters<typeof fetch>) => {
        connections += 1;
        return send(...call);
      }) as typeof fetch,
    });
    const gitlab = createGitLab(context, { apiUrl: `https://127.0.0.1:${port}/api/v4`, token: undefined });
    const request = gitlab.request({ method: 'GET', path: path`version`, read: json((data) => data) });
    await expect(request).rejects.toMatchObject({
      code: 'GITLAB_TLS',
      message: expect.stringContaining('self-signed certificate'),
    });
    expect(connections).toBe(1);
  });

  test('of two files is trusted by both', async () => {
    const [one, two] = [await privateServer(), await privateServer()];
    const send = createFetch({ NODE_EXTRA_CA_CERTS: one.ca, CI_SERVER_TLS_CA_FILE: two.ca });
    for (const { port } of [one, two]) expect((await send(`https://127.0.0.1:${port}/`)).ok).toBe(true);
  });

  test.each([
    ['absent.pem', 'ENOENT'],
    ['empty.pem', 'it holds no certificate'],
    ['damaged.pem', 'its certificate 1 is damaged'],
  ])('in %s is told with the variable', async (file, words) => {
    const folder = workspace();
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    writeFiles(folder, { 'empty.pem': '', 'damaged.pem': damaged });
    const env = { CI_SERVER_TLS_CA_FILE: join(folder, file) };
    await expect(createFetch(env)('https://127.0.0.1:9/')).rejects.toMatchObject({
      code: 'NETWORK_CERTIFICATES',
      message: expect.stringMatching(new RegExp(`CI_SERVER_TLS_CA_FILE.*${words}`)),
    });
  });

  test('is no matter to http', async () => {
    const port = await listen(createHttp(hello));
    expect(await text({ NODE_EXTRA_CA_CERTS: '/absent' }, `http://127.0.0.1:${port}/`)).toContain('hello');
  });

  test('does not let a redirect lead from https to http', async () => {
    const plain = await listen(createHttp(hello));
    const { port, ca } = await privateServer((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${plain}/` }).end(),
    );
    const context = testContext('/', { fetch: createFetch({ NODE_EXTRA_CA_CERTS: ca }) });
    const gitlab = createGitLab(context, { apiUrl: `https://127.0.0.1:${port}/api/v4`, token: undefined });
    const request = gitlab.request({ method: 'GET', path: path`version`, read: json((data) => data) });
    await expect(request).rejects.toMatchObject({
      code: 'GITLAB_REDIRECT',
      message: expect.stringContaining('from https to http'),
    });
  });
});

describe('open connections', () => {
  const program = `
    const { createFetch } = await import(process.argv[1]);
    const response = await createFetch(process.env)(process.argv[2]);
    console.log(await response.text());
    console.log(Date.now());
  `;

  /** Milliseconds from the answer to the end of a process that made one request. */
  async function linger(url: string, env: Record<string, string>): Promise<number> {
    const args = ['--input-type=module', '--eval', program, resolve('scripts/wire/fetch.ts'), url];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
    });
    const [code] = await once(child, 'close');
    const [answer, time] = output.trim().split('\n');
    expect([code, answer]).toEqual([0, expect.stringContaining('hello')]);
    return Date.now() - Number(time);
  }

  // Idle ones are closed after four seconds; a process that waited for that would take longer.
  test('do not keep the process', async () => {
    const port = await listen(createHttp(hello));
    expect(await linger(`http://127.0.0.1:${port}/`, {})).toBeLessThan(3_000);
    const proxy = await proxyTo(0);
    expect(await linger(`http://${host}/`, { HTTP_PROXY: proxy.host })).toBeLessThan(3_000);
  });

  test.skipIf(openssl === undefined)('nor with https, or through a tunnel', async () => {
    const { port, ca } = await privateServer();
    const env = { CI_SERVER_TLS_CA_FILE: ca };
    expect(await linger(`https://127.0.0.1:${port}/`, env)).toBeLessThan(3_000);
    const proxy = await proxyTo(port);
    expect(await linger(`https://${host}/`, { ...env, HTTPS_PROXY: proxy.host })).toBeLessThan(3_000);
  });
});
