import { RE2JS } from 're2js';

/** The paths that a local include with `*` means: `*` is anything but a slash, `**` anything. */
export function filesMatching(pattern: string, paths: readonly string[]): readonly string[] {
  const parts = pattern.split('**').map((part) => part.split('*').map(RE2JS.quote).join('[^/]*?'));
  const form = RE2JS.compile(`^${parts.join('.*?')}$`);
  return paths.filter((path) => form.matcher(path).find());
}
