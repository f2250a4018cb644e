export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken: string | undefined;
}

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Undefined asks about the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Of the answer. */
  readonly mostBytes: number;
  /** What the credentials need for it. */
  readonly permission: string;
}

export interface S3Answer {
  /** 200 to 299, 404 for an object that is not there, or 412. */
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}
