/** OSSA's actions, the strongest first; OSSA 0.2.9 says `log` for `warn`. */
export const actions = ['block', 'redact', 'warn'] as const;
export type Action = (typeof actions)[number];

/** What kind of data a session has seen; policies may say which provider may be sent it. */
export type DataClass = 'pii' | 'payment' | 'secret';

/** A part of a text, end exclusive. */
export type Span = readonly [start: number, end: number];

/** A text that detectors look at, with what several of them ask of it. */
export interface Sample {
  readonly text: string;
  /** Runs of digits with what people put between them, from six digits on. */
  readonly numbers: () => readonly Span[];
}

/** Finds one kind of data by its form, in time linear in the text. */
export interface Detector {
  /** File name, and its name in results. */
  readonly id: string;
  /** Undefined where it is no data of anybody's. */
  readonly dataClass: DataClass | undefined;
  /** What manifests call it, in `types` and `categories`; lower case, with `_` between words. */
  readonly names: readonly string[];
  /** It only says that something may be there, and is never a reason to change a text. */
  readonly onlyWarns?: true;
  /** How it decides, and what it does not see: rows of docs/filters.md. */
  readonly decides: string;
  readonly misses: string;
  /** In order, without overlaps. */
  readonly find: (sample: Sample) => readonly Span[];
}

/** What a manifest wants done with what a detector finds. */
export interface FilterRule {
  readonly detector: string;
  readonly action: Action;
}

export type Way = 'input' | 'output';

/** What was found and what was done with it. */
export interface Found {
  readonly detector: string;
  readonly action: Action;
  readonly way: Way;
  readonly count: number;
}
