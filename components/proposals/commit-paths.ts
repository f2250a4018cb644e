import picomatch from 'picomatch';
import { isForbidden } from './steering-paths.ts';

/**
 * Steps of a path that an agent may write to. Only these letters, so that no two names look alike, or are one on a file system
 * that folds case, normal forms or short names: `.git` has many spellings.
 */
const step = /^[A-Za-z0-9._+@=,()[\]][A-Za-z0-9._+@=,()[\] -]*$/;

/** Names that Windows takes for devices: a checkout there fails for everybody. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

const most = { characters: 250, steps: 20 } as const;

/** Why a path is none that an agent's commit may name, whatever its manifest says; it is of a stranger and not quoted. */
export function whyNoPath(path: string): string | undefined {
  if (path.length > most.characters) return `its path is longer than ${most.characters} characters`;
  const steps = path.split('/');
  if (steps.length > most.steps) return `its path has more than ${most.steps} steps`;
  if (steps.some((each) => each === '' || each === '.' || each === '..'))
    return 'its path is not relative, of plain steps';
  if (!steps.every((each) => step.test(each)))
    return 'its path has other characters than letters, digits, spaces and ._+@=,()[]-';
  if (steps.some((each) => /[. ]$/.test(each))) return 'its path has a step that ends with a dot or a space';
  if (steps.some((each) => device.test(each))) return 'its path has a step that is a device on Windows';
  return undefined;
}

/** What `paths` of a manifest let an agent change. A hidden file is none of `*`, and no glob takes away from another. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const options = { dot: false, nonegate: true, noextglob: true, nobracket: true };
  return picomatch([...globs], options);
}

/** Why a file may not be changed under these globs; undefined where it may. */
export function whyNotChanged(path: string, isAllowed: (path: string) => boolean): string | undefined {
  const reason = whyNoPath(path);
  if (reason !== undefined) return reason;
  // What is forbidden for all comes first: the globs could be widened, and it would still not help.
  if (isForbidden(path))
    return `${path} steers CI, builds or agents, or locks packages: no agent changes such a file`;
  return isAllowed(path) ? undefined : `${path} is none of the paths of the manifest`;
}
