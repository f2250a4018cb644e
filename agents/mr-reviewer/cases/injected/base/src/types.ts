export interface User {
  readonly project: string;
  readonly roles: readonly string[];
}

export interface Request {
  readonly project: string;
}
