/**
 * A host on the allow-list is a channel: whoever may name a path there can write into it. So paths and queries are held to
 * what people write: words, numbers and versions, few and short. That makes a channel narrow and no more; what remains of
 * it is counted (doubtful characters, all characters, requests). docs/sandbox.md says how wide it is.
 */
export type Shape =
  | { readonly ok: true; readonly characters: number; readonly doubtful: number }
  | { readonly ok: false; readonly reason: string };

const longest = { all: 120, part: 100, letters: 24, digits: 10, mixed: 15, unspeakable: 11 } as const;
const most = { labels: 3, words: 14, single: 6, doubtful: 15, syllables: 3 } as const;

/** Judges names below a wildcard, and the path and query beyond what an entry of the allow-list spells out. */
export function judgeShape(labels: readonly string[], path: string, query: string): Shape {
  const refuse = (reason: string): Shape => ({ ok: false, reason });
  const characters = labels.join('').length + path.length + query.length;
  if (characters > longest.all) return refuse(`its path and query are longer than ${longest.all} characters`);
  if (labels.length > most.labels) return refuse(`it has more than ${most.labels} names below the domain`);
  const parts: string[] = [...labels];
  for (const part of [...path.split('/'), ...query.replace(/^\?/, '').split(/[&=]/)]) {
    const decoded = decode(part);
    if (decoded === undefined) return refuse('it is encoded twice, or not in UTF-8');
    parts.push(decoded);
  }
  const words = parts.flatMap(wordsOf);
  const odd = parts.map(oddnessOf).find((reason) => reason !== undefined);
  if (odd !== undefined) return refuse(odd);
  if (words.length > most.words) return refuse(`it has more than ${most.words} words`);
  if (words.filter((word) => word.length === 1).length > most.single)
    return refuse(`more than ${most.single} of its words are single characters`);
  // Proquints, which spell 16 bits as `lusab`; of what people write hardly a word in fifty is like that.
  if (words.filter((word) => /^([^aeiou\d][aeiou]){2}[^aeiou\d]$/i.test(word)).length > most.syllables)
    return refuse('its words are made of syllables that mean nothing');
  const judged = words.map(doubtOf);
  const doubtful = judged.reduce<number>((sum, doubt) => sum + (doubt ?? 0), 0);
  if (judged.includes(undefined) || doubtful > most.doubtful)
    return refuse('it holds something that reads like a key or a digest');
  return { ok: true, characters, doubtful };
}

function decode(part: string): string | undefined {
  try {
    const once = decodeURIComponent(part.replaceAll('+', ' '));
    return /%[0-9a-f]{2}/i.test(once) ? undefined : once;
  } catch {
    return undefined;
  }
}

/** What no path of people holds, whatever its words are. */
function oddnessOf(part: string): string | undefined {
  if (part.length > longest.part) return `a part of it is longer than ${longest.part} characters`;
  if (/[^\p{L}\p{M}\p{N} !-~]/u.test(part)) return 'it holds invisible or unusual characters';
  // As base64 has them; `C++` has others.
  if (/\+(?!\+|$| )|=/.test(part.replaceAll('++', ''))) return 'it holds what reads like base64';
  if (/[[\]{}|\\^<>";`]/.test(part)) return 'it holds marks that paths of people do not';
  const marks = part.replace(/[\p{L}\p{M}\p{N}]/gu, '').length;
  // One mark between two words, and a few more.
  if (marks > (part.length - marks) / 2 + 2 || /[^\p{L}\p{M}\p{N}]{4}/u.test(part))
    return 'it holds more marks than words';
  return undefined;
}

/** Words of letters and digits; those that are written together as names in programs are (`getElementById`) parted. */
function wordsOf(part: string): string[] {
  return part.split(/[^\p{L}\p{M}\p{N}]+/u).flatMap((word) => {
    if (word === '') return [];
    const humps = word.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|[^\p{Lu}\p{Ll}\p{M}]+/gu) ?? [word];
    // Of random letters hardly every hump has a vowel.
    const areWords = humps.every(
      (hump) => /^\p{Lu}{2,5}$|^\p{L}?[^\P{L}aeiouy]*[aeiouy]/iu.test(hump) && hump.length > 1,
    );
    return areWords && humps.length < 6 && word.length / humps.length >= 3.5 ? humps : [word];
  });
}

/** Characters of a word that could be anything; undefined where it can only be that. */
function doubtOf(word: string): number | undefined {
  if (/^\d+$/.test(word)) return word.length > longest.digits ? undefined : word.length > 4 ? word.length : 0;
  if (/\d/.test(word)) {
    // `v2`, `es2024`, `utf8mb4`: a change between letters and digits is rare in what people name.
    const changes = word.match(/\p{L}(?=\d)|\d(?=\p{L})/gu)?.length ?? 0;
    if (word.length > longest.mixed || (changes > 3 && word.length > 7)) return undefined;
    const isNumbered = /^(\p{Ll}+\d+|\p{Lu}\p{Ll}*\d+|\p{Lu}+\d+|\d+(st|nd|rd|th|d|k|x|bit))$/u.test(word);
    return isNumbered && word.length <= 6 ? 0 : word.length;
  }
  if (word.length > longest.letters) return undefined;
  if (isSpeakable(word)) return 0;
  return word.length > longest.unspeakable ? undefined : word.length;
}

/** Short ones without a vowel that are written every day. */
const known = new Set(
  'b c cc cpp cs css csv cve d db dns doc fr fs ftp gb git gz h hh htm html http https id js jpg jpeg json jsx kb k8s l10n lb ld m mb md mdx mjs mp npm ns p pdf pg php pkg pl png pr py q r rb rc rfc rss rst s sh sql src ss std svg t tar tcp tgz tls ts tsx txt ub udp v vm vs w www x xml xz y yml z zsh'.split(
    ' ',
  ),
);

/** Of letters beyond ASCII nothing is known, and little fits into them that is not a word. */
function isSpeakable(word: string): boolean {
  if (!/^[a-z]+$/i.test(word)) return word.length <= 12;
  if (!/^([a-z]+|[A-Z]+|[A-Z][a-z]+)$/.test(word)) return false;
  if (known.has(word.toLowerCase())) return true;
  const vowels = word.match(/[aeiouy]/gi)?.length ?? 0;
  const share = vowels / word.length;
  return share >= 0.2 && share <= 0.7 && !/[^aeiouy]{5}|[aeiou]{4}|(.)\1\1|[qxjz]{2}|q[^u]/i.test(word);
}
