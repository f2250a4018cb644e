import { integer, record, text } from './shape.ts';

/** A user as other things show it. */
export interface User {
  readonly id: number;
  readonly username: string;
}

export const userShape = record<User>({ id: integer, username: text });
