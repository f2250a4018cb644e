import { renderPath } from '../../kernel/place.ts';
import { secretIn, shortestSecret, withoutSecrets } from '../../kernel/secret-shapes.ts';
import { defineRule } from '../rule.ts';
import { joinedTexts, textsWhere } from '../secrets/texts.ts';

export const rule = defineRule({
  id: 'secret-in-plain-text',
  severity: 'error',
  about:
    'The manifest holds a secret that can be told by its shape: a token, a private key, a signed token, the password of ' +
    'a URL. Everybody who can read the repository has it, and the history keeps it. No message repeats it.',
  check: ({ data }) => {
    // One search over everything is several times faster than one for each text, and nearly always finds nothing.
    if (secretIn(joinedTexts(data, shortestSecret)) === undefined) return [];
    return textsWhere(data, (value) => secretIn(value) !== undefined).map(({ value, isKey, path }) => {
      const place = withoutSecrets(path);
      const shown = renderPath(place) || 'the document';
      const secret = secretIn(value);
      return {
        path: place,
        message: isKey ? `a key of ${shown} is ${secret}` : `${shown} holds ${secret}`,
        expected: 'the name of a masked CI/CD variable',
        fix: 'Revoke it, since the history keeps it, then read it from a masked variable.',
      };
    });
  },
});
