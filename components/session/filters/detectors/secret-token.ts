import { isMadeUp } from '../../../kernel/secret-shapes.ts';
import { tokenForms } from '../../../kernel/token-forms.ts';
import type { Detector, Span } from '../types.ts';

const forms = tokenForms.map(
  ({ prefix, body, least, bounded }) => `${bounded ? '(?<![A-Za-z0-9])' : ''}${prefix}${body}{${least},}`,
);
const token = new RegExp(
  [
    ...forms,
    '(?<![\\w-])sk-[A-Za-z0-9]{20,}',
    '(?<![\\w.-])eyJ[\\w-]{10,4096}\\.[\\w-]{10,16384}\\.[\\w-]{16,4096}(?![\\w.-])',
  ].join('|'),
  'y',
);

/** What stands before the first dash or underscore of a token. Looking for those is ten times as fast as for all prefixes. */
const beforeMark = /(?:gl[a-z]{1,5}|sk|xai|xox[a-z]|gsk|hf|gh[a-z]|github|npm)$/;
const unmarked = /AIza|A[KS]IA|GR1348941|eyJ/g;

export const detector: Detector = {
  id: 'secret-token',
  dataClass: 'secret',
  names: ['api_key', 'api_keys', 'token', 'tokens', 'access_token', 'credentials', 'secrets', 'keys', 'jwt'],
  decides:
    'how tokens of GitLab, GitHub, AWS, Google, Slack, npm, Hugging Face and providers of models begin; signed tokens (JWT)',
  misses: 'tokens of other makers, unless they are assigned to a name that says so',
  find: ({ text }) => {
    const spans: Span[] = [];
    let done = 0;
    for (const start of candidates(text)) {
      if (start < done) continue;
      token.lastIndex = start;
      const [found] = token.exec(text) ?? [];
      if (found === undefined) continue;
      done = start + found.length;
      if (!isMadeUp(found.slice(4))) spans.push([start, done]);
    }
    return spans;
  },
};

/** Where a token may begin, in order. */
function candidates(text: string): readonly number[] {
  const starts = Array.from(text.matchAll(unmarked), ({ index }) => index);
  for (const mark of ['-', '_'])
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      if (!isLong(text, at + 1)) continue;
      const [prefix] = beforeMark.exec(text.slice(Math.max(0, at - 7), at)) ?? [];
      if (prefix !== undefined) starts.push(at - prefix.length);
    }
  return starts.sort((a, b) => a - b);
}

/** Whether ten characters of a token follow. */
function isLong(text: string, from: number): boolean {
  for (let at = from + 9; at >= from; at -= 1) {
    const code = text.charCodeAt(at);
    const holds = (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
    if (!holds && code !== 45 && code !== 95) return false;
  }
  return true;
}
