import type { Person } from '../ports.ts';
import type { Git } from './git.ts';

/** Writes an annotated tag's object and gives its name. @param now - Unix time in seconds */
export async function writeTagObject(
  git: Git,
  tag: { readonly name: string; readonly sha: string; readonly message: string; readonly tagger: Person },
  now: number,
): Promise<string> {
  const [name, email] = [tag.tagger.name, tag.tagger.email].map((text) => text.replace(/[<>\n]/g, ''));
  const head = `object ${tag.sha}\ntype commit\ntag ${tag.name}\ntagger ${name} <${email}> ${now} +0000\n\n`;
  return (await git.run(['mktag'], { input: `${head}${tag.message}\n` })).trim();
}
