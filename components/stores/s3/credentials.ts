import { errors } from './errors.ts';
import type { S3Credentials } from './types.ts';

/** By the names of their variables. */
interface Given {
  readonly AWS_ACCESS_KEY_ID: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY: string | undefined;
  readonly AWS_SESSION_TOKEN: string | undefined;
}

/** Credentials come from inputs alone: no file of the checkout and no service of the machine is asked. @throws S3_CREDENTIALS */
export function readCredentials(given: Given): S3Credentials {
  const textOf = (name: keyof Given) => given[name]?.trim() ?? '';
  const needed = (name: keyof Given) => {
    const value = textOf(name);
    if (value === '') throw errors.CREDENTIALS({ missing: name });
    return value;
  };
  const sessionToken = textOf('AWS_SESSION_TOKEN');
  return {
    accessKeyId: needed('AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
    sessionToken: sessionToken === '' ? undefined : sessionToken,
  };
}
