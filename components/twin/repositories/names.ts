const hash = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/;

/** Whether a text is a whole object name, of SHA-1 or SHA-256. */
export function isHash(text: string): boolean {
  return hash.test(text);
}

/** What stands for "no commit" beside a given one. */
export function zerosLike(sha: string): string {
  return '0'.repeat(sha.length);
}

export function isZeros(sha: string): boolean {
  return /^0+$/.test(sha);
}

/**
 * Whether a branch, a tag or the like may have this name: the rules of `git check-ref-format --branch`, and GitLab's,
 * which takes no name that could be a commit's. Such a name is never read as an option, a range or another path.
 */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || name.length > 1000) return false;
  if (name.startsWith('-') || name.startsWith('/') || name.endsWith('/') || name.endsWith('.')) return false;
  if (/[^!-~\u{a0}-\u{10ffff}]|[~^:?*[\\]|\.\.|@\{|\/\/|\uFFFD/u.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

/** Whether a full reference (`refs/heads/main`) is one git may write. */
export function isFullRef(ref: string): boolean {
  return ref.startsWith('refs/') && ref.split('/').length > 2 && isRefName(ref);
}

/** Whether a path names something below the root of a repository, the way git keeps it in a tree. */
export function isTreePath(path: string): boolean {
  if (path === '' || path.includes('\0') || path.includes('\\')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !isGitFolder(part));
}

/** `.git` and what file systems that ignore case or fold characters take for it. */
function isGitFolder(part: string): boolean {
  return /^(\.git|git~1)[. ]*$/i.test(part);
}
