import type { Sandbox } from '../../sandbox/types.ts';
import type { SourceLabel } from '../../tools/types.ts';
import type { LoopHello, LoopMessage } from './message.gen.ts';

/** The program that is an agent. */
export interface Program {
  readonly sandbox: Pick<Sandbox, 'open'>;
  /** Folder with the files that it sees. */
  readonly root: string;
  readonly command: readonly [string, ...string[]];
  /** What it may read by itself. */
  readonly reads: readonly SourceLabel[];
}

export type LoopRequest = Exclude<LoopMessage, LoopHello>;

/** What a program is told of a request; a refusal is data, with which it may go on. */
export type LoopAnswer =
  | { readonly ok: true; readonly result: object }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** What is heard of a program. */
export type Heard =
  | { readonly kind: 'message'; readonly message: LoopMessage }
  /** Nothing more will be, and why. */
  | { readonly kind: 'over'; readonly reason: string }
  | { readonly kind: 'silent' };
