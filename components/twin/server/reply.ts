/** A request GitLab refuses: thrown by handlers, written by the server as GitLab writes it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    body: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** `{"message":"404 Note Not Found"}` */
export function notFound(what = ''): Refusal {
  return new Refusal(404, { message: `404 ${what === '' ? '' : `${what} `}Not Found` });
}

/** `{"message":"403 Forbidden"}`, or with a reason: `403 Forbidden - reason`. */
export function forbidden(reason = ''): Refusal {
  return new Refusal(403, { message: `403 Forbidden${reason === '' ? '' : ` - ${reason}`}` });
}

export function unauthorized(): Refusal {
  return new Refusal(401, { message: '401 Unauthorized' });
}

/** A value GitLab's parameters check refuses: `{"error":"state does not have a valid value"}`. */
export function invalidParameter(error: string): Refusal {
  return new Refusal(400, { error });
}

/** A record's own checks: `{"message":{"name":["has already been taken"]}}` or a text. */
export function invalidRecord(message: unknown, status = 400): Refusal {
  return new Refusal(status, { message });
}

export function conflict(message: string): Refusal {
  return new Refusal(409, { message });
}
