import picomatch from 'picomatch';

const options = { dot: true, nonegate: true, noextglob: true, posix: true };

/**
 * Whether one of the paths is one of those that the globs of `rules:changes` or `rules:exists` mean: Ruby's
 * `File.fnmatch?` with FNM_PATHNAME, FNM_DOTMATCH and FNM_EXTGLOB, for which `**` goes deeper only as a folder of its own.
 * Source: docs.ruby-lang.org, File.fnmatch
 */
export function matchesAny(globs: readonly string[], paths: readonly string[]): boolean {
  const matches = picomatch(globs.map(withoutDeepEnds), options);
  return paths.some((path) => matches(path));
}

function withoutDeepEnds(glob: string): string {
  return glob.replace(/\*{2,}(?!\/)|(?<![/{,]|^)\*{2,}/g, '*');
}
