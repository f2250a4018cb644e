import { flag, integer, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

/** A comment, of a merge request or an issue. */
export interface Note {
  readonly id: number;
  readonly body: string;
  readonly author: User;
  /** Written by GitLab itself. */
  readonly system: boolean;
  readonly internal: boolean;
  readonly createdAt: string;
  readonly resolvable: boolean | undefined;
  readonly resolved: boolean | undefined;
  readonly resolvedBy?: User | undefined;
}

export const noteShape = record<Note>({
  ...{ id: integer, body: text, author: userShape, system: flag, internal: flag, createdAt: text },
  ...{ resolvable: optional(flag), resolved: optional(flag), resolvedBy: optional(userShape) },
});

/** How a text of ours is known again: strangers may copy the marker, but not write as its author. */
export interface Marker {
  /** A text that is not shown, such as `<!-- pipewright:review -->`; it stands in what is sent. */
  readonly marker: string;
  /** Number of the user whose token is used; see `currentUser`. */
  readonly author: number;
}

/** Whether something is ours. */
export function hasMarker({ marker, author }: Marker, body: string | undefined, by: User): boolean {
  return by.id === author && body?.includes(marker) === true;
}

/** Throws a TypeError where a text does not hold its marker: it could never be found again. */
export function assertMarked({ marker }: Marker, body: string): void {
  if (!/^<!-- \S(.*\S)? -->$/.test(marker))
    throw new TypeError(`"${marker}" is no marker: it would be shown`);
  if (!body.includes(marker)) throw new TypeError(`the text does not hold its marker ${marker}`);
}

/** Whether a text is as it is wanted: GitLab keeps no space at the ends, and line breaks may come back in another form. */
export function isSameText(stored: string, wanted: string): boolean {
  const plain = (body: string) => body.replaceAll('\r\n', '\n').trim();
  return plain(stored) === plain(wanted);
}
