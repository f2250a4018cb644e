import { join, resolve } from 'node:path';
import { type FoundBundle, withoutTwins } from '../../components/decide/found-bundle.ts';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { assertNoLinks, readTextFile } from '../../components/kernel/files.ts';

/** Bundles that earlier jobs of this pipeline have left, by prefix, and below it by node index of a parallel job. */
export async function readLocalBundles(context: Context, out: string): Promise<readonly FoundBundle[]> {
  const folder = join(out, 'run');
  await assertNoLinks(context, folder);
  const found: FoundBundle[] = [];
  for (const prefix of await foldersIn(context, folder)) {
    const places = [
      prefix,
      ...(await foldersIn(context, join(folder, prefix))).map((index) => join(prefix, index)),
    ];
    for (const place of places) {
      const bundle = await readOne(context, join(folder, place, 'proposals.json'));
      if (bundle !== undefined) found.push(bundle);
    }
  }
  return withoutTwins(found);
}

async function foldersIn(context: Context, folder: string): Promise<readonly string[]> {
  try {
    const entries = await context.fs.readdir(resolve(context.cwd, folder), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** One that cannot be read is told, not passed over. */
async function readOne(context: Context, source: string): Promise<FoundBundle | undefined> {
  // Most pipelines have none, and need not know what one looks like.
  const { largestBundle, parseBundle } = await import('../../components/proposals/bundle.ts');
  try {
    const text = await readTextFile(context, resolve(context.cwd, source), {
      ...{ maxBytes: largestBundle, shown: source },
    });
    return { source, parsed: parseBundle(Buffer.from(text)) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code === 'FILE_NOT_FOUND') return undefined;
    return { source, parsed: { ok: false, reasons: [error.message], digest: '' } };
  }
}
