import type { Head } from '../../components/stores/types.ts';

/** As it is printed and given: sequence and tag. */
export function renderHead(head: Head | undefined): string {
  return head === undefined ? '' : `${head.sequence}:${head.tag}`;
}

/** @param text - in that form, or empty */
export function parseHead(text: string): Head | undefined {
  const [sequence = '', tag = ''] = text.split(':');
  return text === '' ? undefined : { sequence: Number(sequence), tag };
}
