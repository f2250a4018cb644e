import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { forceRefused } from './push-rules.ts';

/**
 * The one hook of the twin's repositories: whether a push is forced can be told only when its commits have come, and git
 * takes them in for good only when this lets them pass. The variable lists the references that may not be forced.
 */
const script = `#!/bin/sh
while read -r before after ref; do
  printf '%s\\n' "$TWIN_NO_FORCE" | grep -qxF -e "$ref" || continue
  if ! git merge-base --is-ancestor "$before" "$after"; then
    echo "GitLab: ${forceRefused}" >&2
    exit 1
  fi
done
`;

/** Writes the hook and gives its folder. */
export async function writeHooks(context: Context, folder: string): Promise<string> {
  const hooks = join(folder, 'hooks');
  await context.fs.mkdir(hooks, { recursive: true });
  await context.fs.writeFile(join(hooks, 'pre-receive'), script, { mode: 0o755 });
  return hooks;
}
