import { digitsOf, isLabelled } from '../sample.ts';
import type { Detector, Sample, Span } from '../types.ts';

/** Country codes of ITU-T E.164. */
const country =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[1-8]|22\d|23\d|24\d|25\d|26\d|29[0-9]|35\d|37\d|38[0-9]|42[0-3]|50\d|59\d|67\d|68\d|69[0-2]|80[08]|85[02-6]|87[08]|88[0-6]|96\d|97\d|99[2-8])/;

const american = /^(?:1[ .-]?)?(?:\(?[2-9]\d{2}\)[ -]?|[2-9]\d{2}([ .-]))[2-9]\d{2}(?:\1|-)\d{4}$/;
const french = /^0[1-9]([ .-])\d{2}(?:\1\d{2}){3}$/;
const british = /^0(?:\d{4} \d{3} \d{3}|\d{3} \d{3} \d{4}|\d{2} \d{4} \d{4}|\d{4} \d{6})$/;
const label =
  /(?:phone|telephone|tel|mobile|mobil|cell|fax|fon|telefon|call|handy|whatsapp)\b["']?[ .:=]{0,3}["']?\(?\+?$/i;

export const detector: Detector = {
  id: 'phone',
  dataClass: 'pii',
  names: ['phone', 'phone_number', 'telephone', 'mobile', 'fax'],
  decides:
    'E.164 (`+`, a country code, 8 to 15 digits); in the forms of North America, France and Great Britain; any number from 7 digits on behind a word such as `tel`',
  misses: 'national numbers of other countries without such a word, numbers over lines',
  find: (sample) =>
    sample.numbers().flatMap(([start, end]) => {
      const span = phoneAt(sample, start, end);
      return span === undefined ? [] : [span];
    }),
};

function phoneAt({ text }: Sample, from: number, end: number): Span | undefined {
  const number = text.slice(from, end);
  const opened = text.charAt(from - 1) === '(' ? from - 1 : from;
  const isInternational = text.charAt(opened - 1) === '+';
  const start = isInternational ? opened - 1 : opened;
  if (/[\w.+/@#=$-]/.test(text.charAt(start - 1)) && !isLabelled(text, start, label)) return undefined;
  if (/^(?:[\w%]|[.,:/-]\d)/.test(text.slice(end, end + 2))) return undefined;
  const digits = digitsOf(number);
  if (new Set(digits).size < 3) return undefined;
  if (isInternational) {
    // A line that a diff adds begins with a plus, too.
    const begins = start === 0 ? digits.length < 10 : text.charAt(start - 1) === '\n';
    if (digits.length < 8 || digits.length > 15 || !country.test(digits)) return undefined;
    if (begins && !/^\d{1,3}[ -]\(?\d{2,4}\)?[ -]/.test(number)) return undefined;
    return groupsFit(number) ? [start, end] : undefined;
  }
  if (digits.length > 15) return undefined;
  const national = text.slice(opened, end);
  const fits = american.test(national) || french.test(number) || british.test(number);
  return fits || isLabelled(text, start, label) ? [start, end] : undefined;
}

/** A row of a table of numbers is none: people write groups of two digits and more. */
function groupsFit(number: string): boolean {
  const [, ...groups] = number.split(/[^\d]+/);
  return groups.every((group) => group.length > 1) || groups.filter((group) => group.length < 2).length === 1;
}
