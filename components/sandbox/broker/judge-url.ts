import { type EgressRule, findRule, hostOf, isAddress } from './allow-list.ts';
import { judgeShape } from './shape.ts';

export type Judged =
  | { readonly ok: true; readonly rule: EgressRule; readonly characters: number; readonly doubtful: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Whether a URL may be fetched, as far as it tells itself. What it would be sent as is judged, so a URL without fragment
 * and with its path made plain.
 * @param redact - takes out what is known to be secret; where it finds something, nothing is sent
 */
export function judgeUrl(url: URL, rules: readonly EgressRule[], redact: (text: string) => string): Judged {
  const refuse = (reason: string): Judged => ({ ok: false, reason });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('only https is fetched');
  if (url.username !== '' || url.password !== '') return refuse('it holds a user name or a password');
  const rule = findRule(rules, url);
  if (rule === undefined) return refuse('it is not on the allow-list');
  const host = hostOf(url);
  if (isAddress(host) && !rule.private) return refuse('it is an address');
  const told = `${host} ${url.pathname} ${url.search}`;
  if ([told, reversed(told), plain(told)].some((text) => redact(text) !== text))
    return refuse('it holds a secret');
  const labels = rule.below ? host.slice(0, -rule.host.length - 1).split('.') : [];
  const shape = judgeShape(labels, url.pathname.slice(rule.path.length), url.search);
  return shape.ok ? { ...shape, rule } : shape;
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
