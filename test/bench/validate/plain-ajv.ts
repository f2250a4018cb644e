// The peer: reads every manifest of a folder, parses it and asks upstream's schema for its version. `node plain-ajv.ts <folder> <parser>`
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { parseAllDocuments } from 'yaml';
import type { Document } from '../../manifest/ossa-documents.ts';
import { upstreamJudge } from '../../manifest/ossa-upstream.ts';

const [folder = '.', parser] = process.argv.slice(2);
let valid = 0;
for (const file of readdirSync(folder)) {
  const documents = parse(readFileSync(join(folder, file), 'utf8'));
  if (documents?.every((document) => upstreamJudge(document, true).validate(document))) valid += 1;
}
process.stdout.write(`${valid} valid\n`);

function parse(text: string): Document[] | undefined {
  if (parser === 'js-yaml') {
    try {
      return loadAll(text).filter((document) => document !== null) as Document[];
    } catch {
      return undefined;
    }
  }
  const documents = [parseAllDocuments(text)].flat();
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.map((document) => document.toJS() as Document);
}
