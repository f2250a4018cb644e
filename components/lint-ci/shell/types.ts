/** `$NAME` or `${NAME…}` that the shell replaces. */
export interface Expansion {
  readonly name: string;
  readonly offset: number;
  /** As written. */
  readonly text: string;
  /** Whether it stays one word whatever it holds. */
  readonly quoted: boolean;
}

export interface Word {
  readonly offset: number;
  /** Without quotes; what is expanded stays as written. */
  readonly text: string;
  /** Whether all of it stands in single quotes, and where its text begins then. */
  readonly literalAt: number | undefined;
  readonly expansions: readonly Expansion[];
  /** Commands of `$(…)`, backticks and `<(…)` in it. */
  readonly inner: readonly Command[];
}

export interface Assignment {
  readonly name: string;
  readonly word: Word;
}

export interface Redirect {
  readonly operator: string;
  readonly target: Word;
}

/** A simple command. */
export interface Command {
  readonly offset: number;
  readonly words: readonly Word[];
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  /** Here-documents and here-strings. */
  readonly input: readonly Word[];
  /** The command whose output it reads. */
  readonly from: Command | undefined;
}
