import { isLabelled } from '../sample.ts';
import type { Detector, Span } from '../types.ts';

const date = /(?<!\d)(?:(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d{2})(?!\d)/g;
const label =
  /(?:born(?: on)?|birthday|birth[ _-]?date|date[ _-]?of[ _-]?birth|dob|geboren(?: am)?|geburtsdatum|né(?:e)? le)["']?[ \t]{0,3}[:=]?[ \t]{0,3}["']?$/i;

export const detector: Detector = {
  id: 'birth-date',
  dataClass: 'pii',
  names: ['date_of_birth', 'dob', 'birth_date', 'birthdate', 'birthday'],
  decides: 'a date right behind words such as `date of birth`, `dob`, `born`',
  misses: 'dates without such a word, months in words',
  find: (sample) =>
    sample.numbers().flatMap(([start, end]) =>
      [...sample.text.slice(start, end).matchAll(date)].flatMap(({ index, 0: found }): Span[] => {
        const at = start + index;
        return isLabelled(sample.text, at, label) ? [[at, at + found.length]] : [];
      }),
    ),
};
