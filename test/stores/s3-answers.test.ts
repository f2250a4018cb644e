import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { parseBucketUrl } from '../../components/stores/s3/place.ts';
import { virtualClock } from '../contracts/client-and-twin/start.ts';
import { calm, openS3, type S3Options } from './s3-open.ts';
import { type Fault, type S3Call, type S3Server, startS3 } from './s3-server.ts';
import { keyRing } from './support.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());
beforeEach(() => calm(server));

const codeOf = (code: string) => expect.objectContaining({ code });
const openStore = (keys: KeyRing, options?: S3Options) => openS3(server, keys, options);

/** Appends so many records to a new session. */
async function written(keys: KeyRing, records: number): Promise<string> {
  const session = randomUUID();
  const log = await openStore(keys).open(session, 'begin');
  for (let index = 0; index < records; index += 1) await log.append('step', index);
  await log.close();
  return session;
}

const objectsOf = (session: string) =>
  [...server.objects.keys()].filter((key) => key.startsWith(`team/ci/${session}/`));

describe('the URL of a bucket', () => {
  const eu = { bucket: 'acme-sessions', prefix: '', region: 'eu-central-1' };
  const aws = 'https://s3.eu-central-1.amazonaws.com';

  test.each([
    [`${aws}/acme-sessions`, undefined, { ...eu, endpoint: aws }],
    [`${aws}/acme-sessions/`, 'us-west-2', { ...eu, endpoint: aws }],
    [` ${aws}/acme-sessions/a/b.c/ `, undefined, { ...eu, endpoint: aws, prefix: 'a/b.c/' }],
    [
      'https://s3.dualstack.us-gov-west-1.amazonaws.com/acme-sessions',
      undefined,
      { ...eu, endpoint: 'https://s3.dualstack.us-gov-west-1.amazonaws.com', region: 'us-gov-west-1' },
    ],
    [
      'https://minio.example.com:9000/acme-sessions',
      undefined,
      { ...eu, endpoint: 'https://minio.example.com:9000', region: 'us-east-1' },
    ],
    [
      'http://127.0.0.1:9000/acme-sessions',
      ' here ',
      { ...eu, endpoint: 'http://127.0.0.1:9000', region: 'here' },
    ],
  ])('%s in %s', (url, region, expected) => {
    expect(parseBucketUrl(url, region)).toEqual(expected);
  });

  test.each([
    undefined,
    ' ',
    'acme-sessions',
    's3://acme-sessions',
    'http://minio.example.com/acme-sessions',
    'http://127.0.0.1.example.com/acme-sessions',
    'https://key:hidden-password@s3.example.com/acme-sessions',
    'https://s3.example.com/',
    'https://s3.example.com/Acme',
    'https://s3.example.com/acme-sessions?x=1',
    'https://s3.example.com/acme-sessions#x',
    'https://s3.example.com/acme-sessions/a//b',
    'https://s3.example.com/acme-sessions/%2e%2e%2fa',
    'https://s3.example.com/acme-sessions/a+b',
    'https://s3.example.com/acme-sessions/.hidden',
  ])('%j names none', (url) => {
    const parse = () => parseBucketUrl(url);
    expect(parse).toThrow(codeOf('S3_URL'));
    expect(parse).not.toThrow('hidden-password');
  });

  test('a region that is none', () => {
    expect(() => parseBucketUrl('https://s3.example.com/acme-sessions', 'a b')).toThrow(codeOf('S3_URL'));
  });
});

describe('what a service answers', () => {
  const status = (code: number, name: string, more: object = {}): Fault => ({
    ...{ kind: 'status', status: code, code: name },
    ...more,
  });
  const always = (fault: Fault, method?: string) => (call: S3Call) =>
    method === undefined || call.method === method ? fault : undefined;

  test.each<[string, Fault, string | undefined, string, string]>([
    ['PUT', status(403, 'AccessDenied'), 'PUT', 'S3_DENIED', 's3:PutObject'],
    ['GET', status(403, 'AccessDenied'), 'GET', 'S3_DENIED', 's3:ListBucket'],
    ['of a key', status(403, 'SignatureDoesNotMatch'), undefined, 'S3_DENIED', 'SignatureDoesNotMatch'],
    ['that is over', status(400, 'ExpiredToken'), undefined, 'S3_DENIED', 'ExpiredToken'],
    ['another 404', status(404, ''), 'GET', 'S3_FAILED', '404'],
    ['no bucket', status(404, 'NoSuchBucket'), undefined, 'S3_BUCKET', 'sessions-bucket'],
    ['clock', status(403, 'RequestTimeTooSkewed'), undefined, 'S3_CLOCK', 'clock of this machine'],
    [
      'redirect',
      status(301, 'PermanentRedirect', {
        headers: { location: 'https://other.invalid/', 'x-amz-bucket-region': 'eu-west-1' },
      }),
      undefined,
      'S3_REGION',
      'in eu-west-1',
    ],
    [
      'redirect without a region',
      status(307, 'TemporaryRedirect', { headers: { location: 'https://other.invalid/' } }),
      undefined,
      'S3_REGION',
      'elsewhere',
    ],
    ['unknown condition', status(501, 'NotImplemented'), 'PUT', 'S3_UNCONDITIONAL', 'NotImplemented'],
    [
      'condition in other words',
      status(400, 'InvalidArgument', { message: 'If-None-Match is not supported' }),
      'PUT',
      'S3_UNCONDITIONAL',
      'not supported',
    ],
    ['condition ignored', { kind: 'unconditional' }, 'PUT', 'S3_UNCONDITIONAL', 'a second time'],
    ['error that stays', status(500, 'InternalError'), undefined, 'S3_FAILED', '500 InternalError'],
    [
      'too often',
      status(503, 'SlowDown', { headers: { 'retry-after': '3' } }),
      undefined,
      'S3_FAILED',
      'SlowDown',
    ],
    [
      'another mistake',
      status(400, 'InvalidRequest', { message: 'a\u202e b' }),
      undefined,
      'S3_FAILED',
      '\\u202e',
    ],
    [
      'page in place of a write',
      { kind: 'page', body: '<html>Sign in</html>' },
      'PUT',
      'S3_FAILED',
      'no word of the object',
    ],
    ['cut connections', { kind: 'cut', when: 'before' }, undefined, 'S3_FAILED', 'other side closed'],
  ])('%s', async (_, fault, method, code, words) => {
    const keys = keyRing();
    server.fault = always(fault, method);
    const opened = openStore(keys).open(randomUUID(), 'begin');
    await expect(opened).rejects.toEqual(codeOf(code));
    await expect(opened).rejects.toThrow(words);
    await expect(opened).rejects.not.toThrow(server.credentials.secretAccessKey);
  });

  test.each([
    ['<html>Sign in</html>', 'no list'],
    ['no <xml', 'cannot be read'],
    ['', 'cannot be read'],
    ['<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>', 'does not say how'],
    [
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken></ListBucketResult>',
      'in a circle',
    ],
    [
      '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>',
      'no size',
    ],
    [`<ListBucketResult>${' '.repeat(5_000_000)}`, 'longer than'],
  ])('%.60j is no list', async (body, words) => {
    server.fault = always({ kind: 'page', body });
    const listed = openStore(keyRing()).list();
    await expect(listed).rejects.toEqual(codeOf('S3_FAILED'));
    await expect(listed).rejects.toThrow(words);
  });

  test('a service that ignores conditions keeps nothing of what was tried', async () => {
    server.fault = always({ kind: 'unconditional' });
    const before = server.objects.size;
    const opened = openStore(keyRing()).open(randomUUID(), 'begin');
    await expect(opened).rejects.toEqual(codeOf('S3_UNCONDITIONAL'));
    expect(server.objects.size).toBe(before);
  });

  test('a claim that could not be proved stays, and whoever comes next goes on behind it', async () => {
    const keys = keyRing();
    const session = await written(keys, 2);
    let puts = 0;
    server.fault = ({ method }) => {
      puts += method === 'PUT' ? 1 : 0;
      return puts > 1 ? status(500, 'InternalError') : undefined;
    };
    await expect(openStore(keys).open(session, 'resume')).rejects.toEqual(codeOf('S3_FAILED'));
    server.fault = always({ kind: 'unconditional' });
    await expect(openStore(keys).open(session, 'resume')).rejects.toEqual(codeOf('S3_UNCONDITIONAL'));
    server.fault = () => undefined;
    const log = await openStore(keys).open(session, 'resume');
    expect([log.epoch, log.records.length]).toEqual([4, 2]);
  });

  test('a clock that is wrong is told with both times', async () => {
    server.skew = 3_600_000;
    const opened = openStore(keyRing()).open(randomUUID(), 'begin');
    await expect(opened).rejects.toThrow(/here, \d{4}-.* there/);
    await expect(opened).rejects.toEqual(codeOf('S3_CLOCK'));
  });

  test('another region, a wrong secret, an endpoint that is not there', async () => {
    const open = (options: S3Options) => openStore(keyRing(), options).open(randomUUID(), 'begin');
    await expect(open({ secretAccessKey: 'wrong' })).rejects.toThrow('SignatureDoesNotMatch');
    await expect(open({ url: 'http://127.0.0.1:1/bucket' })).rejects.toEqual(codeOf('S3_FAILED'));
    await expect(open({ url: `${server.url}-other` })).rejects.toEqual(codeOf('S3_BUCKET'));
    server.region = 'eu-central-1';
    await expect(open({})).rejects.toThrow('in eu-central-1');
  });

  test('Retry-After is waited for', async () => {
    const clock = virtualClock();
    const start = clock.monotonic();
    let asked = 0;
    server.fault = () => {
      asked += 1;
      return asked === 1 ? status(503, 'SlowDown', { headers: { 'retry-after': '20' } }) : undefined;
    };
    await (await openStore(keyRing(), { change: { clock } }).open(randomUUID(), 'begin')).close();
    expect(clock.monotonic() - start).toBeGreaterThanOrEqual(20_000);
  });

  test.each<[string, Fault]>([
    ['an answer that was cut', { kind: 'cut', when: 'after' }],
    ['an error after the write', status(500, 'InternalError', { done: true })],
    ['a conflict', status(409, 'ConditionalRequestConflict')],
    ['half an answer', { kind: 'half' }],
  ])('%s is settled by what is there', async (_, fault) => {
    const keys = keyRing();
    const session = randomUUID();
    const log = await openStore(keys).open(session, 'begin');
    let isFirst = true;
    server.fault = ({ method }) => {
      if (method !== 'PUT' || !isFirst) return undefined;
      isFirst = false;
      return fault;
    };
    await log.append('once', 1);
    await log.append('then', 2);
    expect((await openStore(keys).read(session)).records.map(({ kind }) => kind)).toEqual(['once', 'then']);
    expect(objectsOf(session)).toHaveLength(4);
  });

  test('half of an object is asked for again', async () => {
    const keys = keyRing();
    const session = await written(keys, 3);
    let count = 0;
    server.fault = ({ method, key }) => {
      if (method !== 'GET' || key === '') return undefined;
      count += 1;
      return count === 1 ? { kind: 'half' } : undefined;
    };
    expect((await openStore(keys).read(session)).records).toHaveLength(3);
  });

  test('what cannot be dropped says which permission it takes', async () => {
    const keys = keyRing();
    const session = await written(keys, 2);
    for (const state of ['one', 'two']) {
      const log = await openStore(keys).open(session, 'resume');
      await log.appendSnapshot(state);
      await log.close();
    }
    server.fault = always(status(403, 'AccessDenied'), 'DELETE');
    await expect(openStore(keys).prune(session)).rejects.toThrow('s3:DeleteObject');
    // The log says that they are gone: whoever comes next drops them.
    server.fault = () => undefined;
    const before = objectsOf(session).length;
    await openStore(keys).prune(session);
    expect(objectsOf(session).length).toBeLessThan(before);
    expect((await openStore(keys).open(session, 'resume')).snapshot).toBe('two');
  });
});
