import { knownVersions } from '../versions.ts';

/** Versions a manifest can be brought to, from the oldest; within one of them releases do not differ. */
export const ladder = [
  'ossa/v0.2.9',
  'ossa/v0.3.0',
  'ossa/v0.3.1',
  'ossa/v0.3.2',
  'ossa/v0.3.3',
  'ossa/v0.3.4',
  'ossa/v0.3.5',
  'ossa/v0.3.6',
  'ossa/v0.4',
  'ossa/v0.5',
] as const;

export type Rung = (typeof ladder)[number];

/** How a version is told from another: by the number of its rung; undefined for what is no version of the ladder. */
export function rungOf(apiVersion: string): number | undefined {
  // Both were written for 0.4 and before; 0.4 takes them.
  if (apiVersion === 'ossa/v1' || apiVersion === 'ossa.io/v1') return ladder.indexOf('ossa/v0.4');
  const [, number = ''] = /^ossa\/v(0\.\d+(?:\.\d+)?)(?:-.*)?$/.exec(apiVersion) ?? [];
  const [, minor, patch] = /^0\.(\d+)(?:\.(\d+))?$/.exec(number) ?? [];
  if (minor === '2' || minor === '4' || minor === '5') {
    return ladder.findIndex((rung) => rung.startsWith(`ossa/v0.${minor}`));
  }
  const rung = ladder.indexOf(`ossa/v0.3.${patch ?? '6'}` as Rung);
  return minor === '3' && rung >= 0 ? rung : undefined;
}

/** The spelling of a target: a rung, or a release of one (`ossa/v0.4.6`); undefined for anything else. */
export function targetOf(text: string): string | undefined {
  const spelled = text.startsWith('ossa/') ? text : `ossa/${text.startsWith('v') ? text : `v${text}`}`;
  return rungOf(spelled) === undefined ? undefined : spelled;
}

export const targets: readonly string[] = ladder.filter((rung) => knownVersions.includes(rung));
