import { errors } from './errors.ts';

/** Where objects lie, as its URL says. */
export interface BucketPlace {
  /** Scheme, host and port. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Of all keys; empty, or with a slash at its end. */
  readonly prefix: string;
  /** What requests are signed for. */
  readonly region: string;
}

/** What signs where nobody names a region: what MinIO and Ceph expect, and R2 takes for its own. */
const defaultRegion = 'us-east-1';

/**
 * Reads `https://<endpoint>/<bucket>/<prefix>`: the bucket is part of the path everywhere, which all services know. The region
 * is in the names of AWS' endpoints.
 *
 * @param region - where the URL does not tell it
 * @throws S3_URL
 */
export function parseBucketUrl(text: string | undefined, region?: string): BucketPlace {
  const given = text?.trim() ?? '';
  if (given === '') throw errors.URL({ reason: 'it is not set' });
  const url = URL.parse(given);
  if (url === null || !['https:', 'http:'].includes(url.protocol))
    throw errors.URL({ reason: 'it is no URL that begins with https://' });
  if (url.username !== '' || url.password !== '')
    throw errors.URL({
      reason: 'it holds a user name or a password, which belong in variables of their own',
    });
  if (url.search !== '' || url.hash !== '') throw errors.URL({ reason: 'it goes on after the path' });
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw errors.URL({ reason: 'http:// is for this machine alone' });
  const [, bucket = '', ...folders] = url.pathname.replace(/\/$/, '').split('/');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw errors.URL({ reason: 'its path does not begin with the name of a bucket' });
  // Such names need no encoding, about which services and signatures disagree.
  if (folders.length > 16 || folders.some((name) => !/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/.test(name)))
    throw errors.URL({ reason: 'its prefix has other names than letters, digits, `.`, `_` and `-`' });
  return {
    ...{ endpoint: url.origin, bucket },
    prefix: folders.map((name) => `${name}/`).join(''),
    region: regionOf(url.hostname) ?? readRegion(region) ?? defaultRegion,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Of `s3.eu-central-1.amazonaws.com` and its like. */
function regionOf(host: string): string | undefined {
  return /^s3(?:-fips)?[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/.exec(
    host,
  )?.[1];
}

function readRegion(region: string | undefined): string | undefined {
  const text = region?.trim() ?? '';
  if (text === '') return undefined;
  if (!/^[a-z0-9-]{1,40}$/.test(text)) throw errors.URL({ reason: 'AWS_REGION is no name of a region' });
  return text;
}
