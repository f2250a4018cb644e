import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('S3', {
  URL: {
    kind: 'misuse',
    message: (f: { reason: string }) =>
      `the store is s3, and PIPEWRIGHT_S3_URL names no place for it: ${f.reason}`,
    fix: 'Store endpoint, bucket and, if you like, a prefix as PIPEWRIGHT_S3_URL: https://s3.eu-central-1.amazonaws.com/bucket/prefix.',
  },
  CREDENTIALS: {
    kind: 'misuse',
    message: (f: { missing: string }) => `the store is s3, and ${f.missing} is not set`,
    fix: 'Store AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as protected and masked variables, and AWS_SESSION_TOKEN where the credentials are temporary.',
  },
  DENIED: {
    kind: 'outside',
    message: (f: { request: string; permission: string; reason: string }) =>
      `${f.request} is refused, which takes the permission ${f.permission}: ${f.reason}`,
    fix: 'Check the credentials, and allow them s3:GetObject, s3:PutObject and s3:DeleteObject below the prefix and s3:ListBucket on the bucket.',
  },
  BUCKET: {
    kind: 'misuse',
    message: (f: { bucket: string }) => `there is no bucket ${f.bucket}`,
    fix: 'Make the bucket, or correct PIPEWRIGHT_S3_URL: the bucket is the first part of its path.',
  },
  REGION: {
    kind: 'misuse',
    message: (f: { bucket: string; region: string; wanted: string }) =>
      `the bucket ${f.bucket} was asked for in the region ${f.region}, and is ${f.wanted}; the request was not sent on`,
    fix: "Name the endpoint of the bucket's region in PIPEWRIGHT_S3_URL, or set AWS_REGION where the endpoint does not tell it.",
  },
  UNCONDITIONAL: {
    kind: 'misuse',
    message: (f: { bucket: string; reason: string }) =>
      `the service of the bucket ${f.bucket} does not keep one writer from overwriting another: ${f.reason}`,
    fix: 'Use a service that honours `If-None-Match: *` on PUT (AWS, MinIO, Ceph and R2 in their current versions do), or another store.',
  },
  CLOCK: {
    kind: 'outside',
    message: (f: { here: string; there: string }) =>
      `the clock of this machine is too far from that of the service: ${f.here} here, ${f.there} there`,
    fix: "Set the runner's clock, for instance by NTP; signatures are good for 15 minutes.",
  },
  FAILED: {
    kind: 'outside',
    message: (f: { request: string; reason: string }) => `${f.request} failed: ${f.reason}`,
    fix: 'Check that the endpoint in PIPEWRIGHT_S3_URL can be reached and works. Everything acknowledged is kept: the session can be resumed.',
  },
});
