import type { Detector, Span } from '../types.ts';

/** Lengths by country, from the registry of ISO 13616. */
const lengths = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((row) => [row.slice(0, 2), Number(row.slice(2))] as const),
);

const pattern = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}[ -]?[A-Z0-9]{4}/g;
const rest = /(?:[ -]?[A-Z0-9]){0,32}/y;

export const detector: Detector = {
  id: 'iban',
  dataClass: 'payment',
  names: ['iban', 'bank_account', 'bank_account_number', 'account_number', 'payment', 'financial'],
  decides: 'check digits (mod 97) and the length of its country; plain or in groups',
  misses: 'account numbers that are no IBAN, IBANs in small letters or over lines',
  find: ({ text }) => {
    const spans: Span[] = [];
    for (const { index, 0: begin } of text.matchAll(pattern)) {
      const length = lengths.get(begin.slice(0, 2));
      if (length === undefined) continue;
      rest.lastIndex = index;
      const end = endOf(text, index, rest.exec(text)?.[0] ?? '', length);
      if (end !== undefined) spans.push([index, end]);
    }
    return spans;
  },
};

/** Where an account number of a length ends; undefined where the digits say that it is none. */
function endOf(text: string, start: number, run: string, length: number): number | undefined {
  let [end, taken] = [0, ''];
  while (taken.length < length && end < run.length) {
    const character = run.charAt(end);
    if (character !== ' ' && character !== '-') taken += character;
    end += 1;
  }
  if (taken.length < length || /[A-Za-z0-9]/.test(text.charAt(start + end))) return undefined;
  return remainder(taken.slice(4) + taken.slice(0, 4)) === 1 ? start + end : undefined;
}

function remainder(text: string): number {
  let left = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    left = (left * (value > 9 ? 100 : 10) + value) % 97;
  }
  return left;
}
