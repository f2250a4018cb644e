import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Twin } from '../ports.ts';
import type { Role, Token, User } from '../world/people.ts';
import type { Job } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { Tier } from '../world/world.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

/** Who a request comes from. */
export interface Actor {
  readonly user: User;
  readonly token: Token;
  /** The job whose token it is. */
  readonly job: Job | undefined;
}

export interface Access {
  /**
   * Least role in the project of the path; everybody signed in counts as a guest of what they can see. `anyone` who can
   * see the project (without one in the path: anyone at all), `user` who is signed in.
   */
  readonly role: Role | 'anyone' | 'user' | 'admin';
  /** Whether a job token may come in; from which version on, or from which tier. Absent: it is as if none were sent. */
  readonly jobToken?: true | { readonly since?: string; readonly tier?: Tier };
  /** Whether the parameter `token` says who comes: a trigger token of the project, or a job token. */
  readonly triggerToken?: true;
  /** Whether it needs no token where the project is public. Default: reads do not. */
  readonly anonymous?: boolean;
  /** Default: `read_api` (or `api`) for reads, `api` for the rest. */
  readonly scope?: 'read_user' | 'read_repository' | 'none';
  /** Below this tier it answers 404 (or as `handle` says). */
  readonly tier?: Tier;
}

/** A request schema of our own, for what GitLab's OpenAPI does not have. */
export interface OwnSchema {
  /** Page of GitLab's documentation it is written from. */
  readonly source: string;
  /** Query and form parameters besides those of the path: JSON Schema properties. */
  readonly query?: Readonly<Record<string, object>>;
  /** JSON Schema of the body; absent: none is taken. `raw`: bytes. */
  readonly body?: object | 'raw';
}

export interface Route {
  readonly method: Method;
  /** Below `/api/v4`, with GitLab's names of parameters: `/projects/:id/merge_requests/:merge_request_iid/notes`. */
  readonly path: string;
  readonly access: Access;
  readonly schema?: OwnSchema;
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

export interface Call {
  readonly twin: Twin;
  /** Undefined for a request without a token to what anyone may see. */
  readonly actor: Actor | undefined;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /**
   * Query parameters as sent: `labels=a,b`, `iids[]=1` as a list under `iids`, a list where one is repeated,
   * `filter[environment_scope]=x` under that very name.
   */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /**
   * JSON, form and multipart bodies alike (form values are text, files are `File`s), `{}` where there is none. Of a write
   * it holds the query's parameters too, since GitLab does not tell them apart; of a `raw` one nothing.
   */
  readonly body: Readonly<Record<string, unknown>>;
  /** The unread request, of a route whose schema's body is `raw`. */
  readonly request: IncomingMessage;
}

/** Takes a request that is not the API's: git, keys. Resolves false where it is not its own, and has then done nothing. */
export type Fallback = (
  request: IncomingMessage,
  response: ServerResponse,
  /** Below the address of the instance, without the query: `/group/project.git/info/refs`. */
  path: string,
) => Promise<boolean>;

/** A call to `/projects/:id/…`, by somebody who may see the project. */
export interface ProjectCall extends Call {
  readonly project: Project;
}

export type Reply =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Headers }
  /** A list: the server cuts the page out of it and writes the headers of pagination. */
  | { readonly list: readonly unknown[]; readonly headers?: Headers }
  | { readonly status?: number; readonly text: string; readonly type?: string; readonly headers?: Headers }
  | {
      readonly status?: number;
      readonly bytes: Readable | Uint8Array;
      readonly type: string;
      readonly headers?: Headers;
    }
  | { readonly status: 204; readonly headers?: Headers }
  | { readonly status: 302; readonly location: string };

type Headers = Readonly<Record<string, string>>;
