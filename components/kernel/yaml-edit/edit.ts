import type { DataPath } from '../place.ts';

/** One change of a document. Paths lead to what is there; a change that cannot be made where it stands is not made. */
export type YamlEdit =
  /**
   * Another value in the place of one; a text keeps its quotes, a collection is written on one line. A comment is written
   * beside it, or `uncomment`, which must stand there, is taken away.
   */
  | {
      readonly do: 'set';
      readonly path: DataPath;
      readonly value: unknown;
      readonly comment?: string;
      readonly uncomment?: string;
    }
  /** Another name for a field; its value and its place among the others stay. */
  | { readonly do: 'rename'; readonly path: DataPath; readonly name: string }
  | { readonly do: 'remove'; readonly path: DataPath }
  /** A new field of the mapping at a path, after another field of it, or as the first. */
  | {
      readonly do: 'insert';
      readonly path: DataPath;
      readonly name: string;
      readonly value: unknown;
      readonly after?: string;
    }
  /** A field goes into a mapping beside or elsewhere, which is made where it is not there, and may get another name. */
  | { readonly do: 'move'; readonly path: DataPath; readonly to: DataPath }
  /** A value becomes the only field of a mapping in its place. */
  | { readonly do: 'wrap'; readonly path: DataPath; readonly name: string }
  /** A mapping of mappings becomes a list of them, each with the name it had as a field of it. */
  | { readonly do: 'list'; readonly path: DataPath; readonly name: string };

/** A piece of text in the place of another; offsets are UTF-16. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
