import type { Token } from '../world/people.ts';
import { compareWithExpected, type Expected } from './expectations.ts';

/** One request and what became of it. */
export interface JournalEntry {
  readonly method: string;
  /** Below `/api/v4`, or below the address of the instance where it is not the API's; as sent, without the query. */
  readonly path: string;
  /** The route's pattern; undefined where none was found. */
  readonly route: string | undefined;
  /** Without values of tokens. */
  readonly query: Readonly<Record<string, unknown>>;
  /** Of a write: without values of tokens; undefined where it was not read. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly actor: { readonly username: string; readonly token: Token['kind'] | 'project' } | undefined;
  /** Undefined where the connection was cut before an answer began. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  /** The fault that was put in its way, such as `after` or `cut before`. */
  readonly fault: string | undefined;
  /** What GitLab's description of its API says against the request. */
  readonly violation: string | undefined;
  /** The stack of a handler that threw: a defect of the twin. */
  readonly error: string | undefined;
}

export interface Journal {
  /** Oldest first, in the order they came; the last 50,000. */
  readonly entries: readonly JournalEntry[];
  /**
   * Checks that the requests are the expected ones, in any order, and that nothing broke. `GET /projects/:id/notes` is a
   * route, `GET /projects/1/notes` a path; one that is written twice must have come twice.
   *
   * @throws Error that names every request that was not expected or never came, and every violation and defect
   */
  readonly assertExpected: (expected: readonly Expected[]) => void;
  /** What no test should let pass: violations of GitLab's API and defects of the twin, a sentence each. */
  readonly mistakes: () => readonly string[];
  readonly clear: () => void;
}

/** A twin that serves for days must not grow without end; no test asks that often. */
const maxEntries = 50_000;

export interface WritableJournal extends Journal {
  readonly add: (entry: JournalEntry) => void;
}

export function createJournal(): WritableJournal {
  const entries: JournalEntry[] = [];
  const mistakes = () => entries.flatMap(mistakesOf);
  return {
    entries,
    mistakes,
    add: (entry) => {
      entries.push(entry);
      if (entries.length > maxEntries) entries.shift();
    },
    clear: () => {
      entries.length = 0;
    },
    assertExpected: (expected) => {
      const problems = [...compareWithExpected(entries, expected), ...mistakes()];
      if (problems.length > 0)
        throw new Error(`the twin was not asked as expected:\n  ${problems.join('\n  ')}`);
    },
  };
}

function mistakesOf({ method, path, violation, error }: JournalEntry): string[] {
  const request = `${method} ${path}`;
  return [
    ...(violation === undefined ? [] : [`${request} violates GitLab's API: ${violation}`]),
    ...(error === undefined ? [] : [`${request} broke the twin: ${error}`]),
  ];
}
