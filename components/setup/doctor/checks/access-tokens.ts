import type { AccessToken } from '../../../gitlab/endpoints/access-tokens.ts';
import { few, note, ofKnown, ok, wrong } from '../../lines.ts';
import type { CheckLine } from '../../types.ts';
import { defineCheck } from '../check.ts';

const name = 'access tokens of the project';
/** Long enough to renew one without haste. */
const soonDays = 14;

export const check = defineCheck({
  id: 'access-tokens',
  topic: 'access',
  about:
    'No access token of the project is over: what used it has stopped. One that ends within 14 days is told. Those of groups and people are not looked at.',
  run: ({ tokens, now }) => [ofKnown(name, { tokens }, (known) => judge(known.tokens, now))],
});

function judge(tokens: readonly AccessToken[], now: number): CheckLine {
  const kept = tokens.filter(({ revoked }) => !revoked);
  const day = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);
  const isOver = ({ expiresAt }: AccessToken) => expiresAt !== undefined && expiresAt <= day(0);
  const over = kept.filter(isOver);
  if (over.length > 0)
    return wrong(name, {
      expected: 'none that is over and not replaced',
      got: few(over.map((token) => `${token.name} ended ${token.expiresAt}`)),
      fix: 'Settings > Access tokens: make a new one and store it where the old one was used; or POST /projects/:id/access_tokens, DELETE /projects/:id/access_tokens/:token_id.',
    });
  const soon = kept.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt <= day(soonDays));
  if (soon.length > 0)
    return note(
      name,
      `${few(soon.map((token) => `${token.name} ends ${token.expiresAt}`))}: renew it (POST /projects/:id/access_tokens/:token_id/rotate)`,
    );
  return ok(
    name,
    kept.length === 0
      ? 'none'
      : few(kept.map((token) => `${token.name} until ${token.expiresAt ?? 'for ever'}`)),
  );
}
