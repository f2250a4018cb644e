import { invalidParameter, invalidRecord } from '../server/reply.ts';
import { scopes as knownScopes, type PersonalToken, type Scope } from '../world/people.ts';
import { addPersonalToken } from '../world/seed.ts';
import { timeOf, type World } from '../world/world.ts';
import { textOf, textsOf, wordOf } from './given.ts';

const day = 24 * 60 * 60 * 1000;
/** Days GitLab lets a token live at most, and does where nobody says how long. */
const longest = 365;
/** Days a token lives that took another's place, where nobody says how long. */
const afterRotation = 7;

type Sent = Readonly<Record<string, unknown>>;

/** @throws Refusal 400 for a scope the twin does not know, or none */
export function scopesIn({ scopes }: Sent): Scope[] {
  const words = textsOf(scopes);
  const found = words.flatMap((word) => wordOf(word, knownScopes) ?? []);
  if (found.length === 0 || found.length < words.length)
    throw invalidParameter('scopes does not have a valid value');
  return found;
}

/** @throws Refusal 400 for what is no date, is past, or is more than a year away */
export function expiryIn(world: World, { expires_at }: Sent, days = longest): string {
  const sent = textOf(expires_at);
  if (sent === undefined || sent === '') return dateIn(world, days);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(sent) || Number.isNaN(Date.parse(sent)))
    throw invalidParameter('expires_at is invalid');
  if (sent <= dateIn(world, 0))
    throw invalidRecord('400 Bad request - Expiration date must be in the future');
  // Since 17.6 a year may be a leap one.
  if (sent > dateIn(world, longest + 1))
    throw invalidRecord(`400 Bad request - Expiration date must be before ${dateIn(world, longest + 1)}`);
  return sent;
}

function dateIn({ clock }: World, days: number): string {
  return timeOf({ clock: { ...clock, now: () => clock.now() + days * day } }).slice(0, 10);
}

/** Takes a token's place by a new one of its name and scopes; the old one ends at once. */
export function rotateToken(world: World, token: PersonalToken, sent: Sent): PersonalToken {
  const expiresAt = expiryIn(world, sent, afterRotation);
  token.revoked = true;
  const { userId, name, scopes, projectId } = token;
  return addPersonalToken(world, { userId, name, scopes, projectId, expiresAt });
}

export function tokensOf(world: World, fits: (token: PersonalToken) => boolean): Map<number, PersonalToken> {
  const tokens = [...world.tokens.values()].flatMap((token) =>
    token.kind === 'personal' && fits(token) ? [token] : [],
  );
  return new Map(tokens.map((token) => [token.id, token]));
}
