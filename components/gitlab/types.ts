import type { Gitlab } from '@gitbeaker/core';

/** `job`: the job's own token (header JOB-TOKEN). `private`: an access token, such as a service account's. */
export interface GitLabToken {
  readonly kind: 'job' | 'private';
  readonly value: string;
}

/** Milliseconds. */
export interface Timeouts {
  /** For one attempt: connecting, sending, and reading the answer to its end. */
  readonly attempt: number;
  /** For all attempts of one request and the waits between them. */
  readonly total: number;
}

/** Which GitLab, and as whom. */
export interface GitLabConnection {
  /** Such as `https://gitlab.example.com/sub/api/v4`; a slash at its end does no harm. */
  readonly apiUrl: string;
  /** Undefined: requests are anonymous, and see what is public. */
  readonly token: GitLabToken | undefined;
  /** Default: 30 s for an attempt, 2 min in all. */
  readonly timeouts?: Partial<Timeouts>;
  /** Milliseconds since the epoch, such as the end of the job: nothing is asked or waited for beyond it. */
  readonly deadline?: number | undefined;
}

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A path below the API URL, without a leading slash, every value in it encoded: made by the tag `path` alone. */
export type ApiPath = string & { readonly encoded: true };

/** Undefined is left out; a list is sent as `name[]=a&name[]=b`, as GitLab reads it. Ready parameters stay as they are. */
export type Query =
  | Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>
  | URLSearchParams;

/** What is sent. A stream is opened anew by each attempt; its length is told to GitLab beforehand. */
export type ApiBody =
  | { readonly json: object }
  | { readonly form: Query }
  | { readonly multipart: FormData }
  | { readonly bytes: Uint8Array; readonly type?: string }
  | {
      readonly open: () => AsyncIterable<Uint8Array>;
      readonly length: number;
      readonly type?: string;
    };

/**
 * Whether a request may be sent again when it is unknown if GitLab did it (a cut connection, a 502, a timeout).
 * `idempotent`: twice is as good as once. `never`: no. `found`: it is looked for after some seconds, by a marker for
 * instance, and counts as done when it is there; a replica that lags longer, or a GitLab that does it later still, can
 * make a second one. What GitLab surely did not do (429, a refused connection) is repeated with each.
 */
export type Replay<T> =
  | 'idempotent'
  | 'never'
  | {
      /** What the request would have answered, or undefined where it has not happened. */
      readonly found: () => Promise<T | undefined>;
    };

/**
 * Reads the answer's body; see read-body.ts. What it throws as an error of its own counts as an answer that GitLab
 * cannot have meant, and the request is repeated where that is safe; a Failure is thrown on as it is.
 */
export type ReadBody<T> = (body: AnswerBody) => Promise<T>;

export interface AnswerBody {
  readonly status: number;
  readonly headers: Headers;
  /** Pieces as they come, within the time of the attempt; empty for an answer without a body. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ApiRequest<T> {
  readonly method: Method;
  readonly path: ApiPath;
  readonly query?: Query | undefined;
  readonly body?: ApiBody | undefined;
  /** Besides those of the transport (token, type and length of the body). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: `idempotent` for GET, HEAD, PUT and DELETE, `never` for POST and PATCH. */
  readonly replay?: Replay<T>;
  readonly read: ReadBody<T>;
  /** For this request instead of the connection's. */
  readonly timeouts?: Partial<Timeouts>;
}

export interface ApiResponse<T> {
  /** 200 to 299. */
  readonly status: number;
  readonly headers: Headers;
  readonly data: T;
  /** Whether this is what `replay.found` gave: an earlier attempt had happened after all. Status and headers are then made up. */
  readonly found: boolean;
}

/** gitbeaker's resources, such as `MergeRequestNotes`, over our transport. */
export type Resources = Gitlab<false>;

export interface ResourceOptions {
  /** For every POST and PATCH called on these resources; the record found is GitLab's, in snake_case. Default `never`. */
  readonly replay?: Replay<unknown>;
  readonly timeouts?: Partial<Timeouts>;
}

/** A GitLab as one token sees it: what the functions of endpoints/ take first. */
export interface GitLab {
  readonly connection: GitLabConnection;
  /** Sends one request, again where that is safe. Rejects with a failure of errors.ts, or with the reason of a cancellation. */
  readonly request: <T>(request: ApiRequest<T>) => Promise<ApiResponse<T>>;
  /** The page and, through `Link: rel="next"`, all after it, each asked for when it is needed. */
  readonly pages: <T>(request: ApiRequest<T>) => AsyncIterable<ApiResponse<T>>;
  /** Loads gitbeaker, which takes 60 ms the first time. */
  readonly resources: (options?: ResourceOptions) => Promise<Resources>;
}
