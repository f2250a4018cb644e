import { isMadeUp, isReference } from '../../../kernel/secret-shapes.ts';
import type { Detector, Span } from '../types.ts';

const userInfo = /:\/\/([^\s/?#:@"'<>]{0,256}):([^\s/?#@"'<>]{1,1024})@/y;

export const detector: Detector = {
  id: 'url-credentials',
  dataClass: 'secret',
  names: ['url_credentials', 'password', 'passwords', 'credentials', 'secrets', 'connection_string'],
  decides: 'the password in the address of a URL, unless it is a variable or a made-up word',
  misses: 'secrets in the query of a URL, unless they have a known form',
  find: ({ text }) => {
    const spans: Span[] = [];
    for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
      userInfo.lastIndex = at;
      const [found, user = '', password = ''] = userInfo.exec(text) ?? [];
      if (found === undefined || isReference(password) || isMadeUp(password)) continue;
      if (/^(?:pass(?:word)?|secret|pwd|pw)$/i.test(password)) continue;
      const start = at + 3 + user.length + 1;
      spans.push([start, start + password.length]);
    }
    return spans;
  },
};
