import { expect } from 'vitest';
import { noteBody, titleLine } from '../../../components/proposals/limits.ts';
import { findUnsafe, findUnsafeLine } from '../../../components/proposals/text/find-unsafe.ts';
import { sanitiseBody } from '../../../components/proposals/text/sanitise-body.ts';
import { sanitiseLine } from '../../../components/proposals/text/sanitise-line.ts';

/** A text as the body of a note, after what must hold of every one: nothing unsafe is left, and a second time changes nothing. */
export function sanitised(text: string): string {
  const result = sanitiseBody(text, noteBody).text;
  expect(findUnsafe(result), JSON.stringify(result)).toEqual([]);
  expect(sanitiseBody(result, noteBody).text).toBe(result);
  return result;
}

/** The same as the title of an issue. */
export function sanitisedLine(text: string): string {
  const result = sanitiseLine(text, titleLine).text;
  expect(findUnsafeLine(result), JSON.stringify(result)).toEqual([]);
  expect(sanitiseLine(result, titleLine).text).toBe(result);
  return result;
}
