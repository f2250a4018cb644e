declare const brand: unique symbol;

/** A sanitised Markdown text of one or more lines. Only `sanitiseBody` makes one. */
export type SafeBody = string & { readonly [brand]: 'body' };

/** A sanitised text of one line without Markdown, for a title. Only `sanitiseLine` makes one. */
export type SafeLine = string & { readonly [brand]: 'line' };

/** Lines of code that stand between fences and stay there, each character of which is seen. Only `checkCode` makes one. */
export type SafeCode = string & { readonly [brand]: 'code' };

/** What was neutralised; docs and records use these names. */
export type ChangeKind =
  | 'characters'
  | 'line-breaks'
  | 'quick-action'
  | 'reference'
  | 'link'
  | 'image'
  | 'html'
  | 'math'
  | 'directive'
  | 'fence'
  | 'code'
  | 'cut'
  | 'empty';

export interface Change {
  readonly kind: ChangeKind;
  readonly count: number;
}

export interface Sanitised<T> {
  readonly text: T;
  /** By kind, sorted; empty where the text came through as it was. */
  readonly changes: readonly Change[];
}

export interface TextLimits {
  /** Unicode code points of the result at most, at least 20. */
  readonly characters: number;
  /** Lines of the result at most; 400 unless said. */
  readonly lines?: number;
}

/** Counts what is neutralised. */
export type Count = (kind: ChangeKind) => void;
