import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { downloadPackageFile, uploadPackageFile } from '../../components/gitlab/packages.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { connect, quickClock, rejection, secret } from './harness.ts';

const target = { project: 'group/app', name: 'checkpoints', version: '1.0+7', fileName: 'state.bin' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const megabyte = Buffer.alloc(1_000_000, 'pipewright ');

type Fault = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean;

/** GitLab's generic packages, as far as one file goes; a fault answers in its place and gives true. */
async function registry(fault: Fault = () => false, stored?: Buffer) {
  const state = { content: stored, uploads: 0, requests: [] as IncomingMessage[] };
  const server = createServer(async (request, response) => {
    const bytes = Buffer.concat(await Array.fromAsync(request).catch(() => []));
    if (!request.complete) return;
    state.requests.push(request);
    if (request.method === 'PUT') {
      state.content = bytes;
      state.uploads += 1;
    }
    if (fault(request, response, bytes)) return;
    if (request.method === 'PUT') {
      const body = { id: 1, file_name: target.fileName, size: bytes.length, file_sha256: sha256(bytes) };
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    } else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(state.content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cwd = workspace();
  const context = testContext(cwd, { clock: quickClock().clock });
  const { gitlab } = connect(origin, { token: { kind: 'job', value: secret } });
  return { state, cwd, context, gitlab };
}

/** Answers the first requests with 502 after they have been done. */
const badGateway = (times: number): Fault => {
  let left = times;
  return (_, response) => {
    left -= 1;
    if (left >= 0) response.writeHead(502).end();
    return left >= 0;
  };
};

describe('an upload', () => {
  test('streams a file as it is, with its length, and says its digest', async () => {
    const { state, cwd, context, gitlab } = await registry();
    writeFileSync(join(cwd, 'state'), megabyte);
    const facts = await uploadPackageFile(context, gitlab, target, {
      source: { file: 'state' },
      hidden: true,
    });
    expect(facts).toEqual({ bytes: megabyte.length, sha256: sha256(megabyte) });
    expect(state.content?.equals(megabyte)).toBe(true);
    expect(state.requests[0]).toMatchObject({
      method: 'PUT',
      url: '/api/v4/projects/group%2Fapp/packages/generic/checkpoints/1.0%2B7/state.bin?select=package_file&status=hidden',
      headers: { 'content-length': '1000000', 'job-token': secret },
    });
    expect(state.requests[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  test('takes bytes too, none as well', async () => {
    const { state, context, gitlab } = await registry();
    for (const bytes of [Buffer.from('text'), Buffer.alloc(0)]) {
      await uploadPackageFile(context, gitlab, target, { source: { bytes }, sha256: sha256(bytes) });
      expect(state.content?.equals(bytes)).toBe(true);
    }
  });

  test('is repeated from its beginning after a failure, since the last one counts', async () => {
    const { state, cwd, context, gitlab } = await registry(badGateway(2));
    writeFileSync(join(cwd, 'state'), megabyte);
    const facts = await uploadPackageFile(context, gitlab, target, { source: { file: 'state' } });
    expect(facts.sha256).toBe(sha256(megabyte));
    expect(state.uploads).toBe(3);
  });

  test('fails when GitLab got other bytes, or the source is not what it should be', async () => {
    const damaged: Fault = (_, response, bytes) => {
      const body = JSON.stringify({ file_sha256: sha256(Buffer.concat([bytes, bytes])) });
      response.writeHead(201, { 'content-type': 'application/json' }).end(body);
      return true;
    };
    const source = { bytes: Buffer.from('text') };
    const one = await registry(damaged);
    await expect(uploadPackageFile(one.context, one.gitlab, target, { source })).rejects.toMatchObject({
      code: 'GITLAB_DIGEST',
    });
    const two = await registry();
    const wrong = { source, sha256: '0'.repeat(64) };
    await expect(uploadPackageFile(two.context, two.gitlab, target, wrong)).rejects.toMatchObject({
      code: 'GITLAB_DIGEST',
    });
  });

  test('of a file that shrinks meanwhile fails, and of one that is none', async () => {
    const { cwd, context, gitlab } = await registry();
    writeFileSync(join(cwd, 'state'), megabyte);
    const open: typeof context.fs.open = async (...call) => {
      truncateSync(join(cwd, 'state'), 10);
      return context.fs.open(...call);
    };
    const shrinking = { ...context, fs: { ...context.fs, open } };
    const source = { file: 'state' };
    const error = await rejection(uploadPackageFile(shrinking, gitlab, target, { source }));
    expect(error.code).toBe('FILE_UNREADABLE');
    expect(error.message).toContain('it became shorter');
    for (const file of ['.', 'absent']) {
      const none = uploadPackageFile(context, gitlab, target, { source: { file } });
      await expect(none).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    }
  });
});

describe('a download', () => {
  const maxBytes = 2_000_000;

  test('writes the file whole, with its digest', async () => {
    const { cwd, context, gitlab } = await registry(undefined, megabyte);
    const facts = await downloadPackageFile(context, gitlab, target, {
      file: 'new/folder/state',
      maxBytes,
      sha256: sha256(megabyte).toUpperCase(),
    });
    expect(facts).toEqual({ bytes: megabyte.length, sha256: sha256(megabyte) });
    expect(readFileSync(join(cwd, 'new/folder/state')).equals(megabyte)).toBe(true);
    expect(readdirSync(join(cwd, 'new/folder'))).toEqual(['state']);
  });

  test('that breaks off begins anew', async () => {
    let cuts = 2;
    const cut: Fault = (_, response) => {
      cuts -= 1;
      if (cuts < 0) return false;
      response.writeHead(200, { 'content-length': String(megabyte.length) });
      response.write(megabyte.subarray(0, 300_000), () => response.destroy());
      return true;
    };
    const { cwd, context, gitlab } = await registry(cut, megabyte);
    await downloadPackageFile(context, gitlab, target, { file: 'state', maxBytes });
    expect(readFileSync(join(cwd, 'state')).equals(megabyte)).toBe(true);
    expect(readdirSync(cwd)).toEqual(['state']);
  });

  test('that was a page of a proxy begins anew, where the digest is known', async () => {
    let pages = 1;
    const page: Fault = (_, response) => {
      pages -= 1;
      if (pages >= 0) response.end('<html><title>Waiting</title>');
      return pages >= 0;
    };
    const { context, gitlab } = await registry(page, megabyte);
    const expected = { file: 'state', maxBytes, sha256: sha256(megabyte) };
    const facts = await downloadPackageFile(context, gitlab, target, expected);
    expect(facts.bytes).toBe(megabyte.length);
  });

  test.each([
    ['another content', { sha256: '0'.repeat(64), maxBytes }, 'GITLAB_DIGEST', 6],
    ['too much', { maxBytes: 999_999 }, 'GITLAB_TOO_LARGE', 1],
  ])('of %s leaves what was there before, and nothing else', async (_, expected, code, requests) => {
    const { state, cwd, context, gitlab } = await registry(undefined, megabyte);
    writeFileSync(join(cwd, 'state'), 'old');
    const error = await rejection(
      downloadPackageFile(context, gitlab, target, { file: 'state', ...expected }),
    );
    expect(error.code).toBe(code);
    expect(readFileSync(join(cwd, 'state'), 'utf8')).toBe('old');
    expect(readdirSync(cwd)).toEqual(['state']);
    expect(state.requests).toHaveLength(requests);
  });

  test('onto a full disk fails with the name of the file, and leaves nothing', async () => {
    const { cwd, context, gitlab } = await registry(undefined, megabyte);
    const rename = () => Promise.reject(new Error('ENOSPC: no space left on device'));
    const full = { ...context, fs: { ...context.fs, rename } };
    const error = await rejection(downloadPackageFile(full, gitlab, target, { file: 'state', maxBytes }));
    expect(error.code).toBe('FILE_UNWRITABLE');
    expect(error.message).toContain('state');
    expect(readdirSync(cwd)).toEqual([]);
  });
});
