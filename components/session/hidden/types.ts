/** What of a text a reader of its page does not see. */
export type HiddenKind = 'comment' | 'element' | 'attribute' | 'reference' | 'character';

/** A part of a text, end exclusive. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

export interface HiddenPart extends Part {
  readonly kind: HiddenKind;
}
