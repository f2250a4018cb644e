import type { ModelRequest, ModelTurn } from '../../components/models/types.ts';

/** A line of a cassette; its price is text there. */
export interface RecordedCall {
  readonly request: ModelRequest;
  readonly turn: Omit<ModelTurn, 'costPicoUsd'> & { readonly costPicoUsd: string };
}

export function parseCassette(text: string): readonly RecordedCall[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedCall);
}
