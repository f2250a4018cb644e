import type { PlacedIssue } from './check-document.ts';
import { noPermit } from './engine.ts';
import { policyFindings as codes } from './findings.ts';
import type { PlacedDocument } from './parse.ts';

/**
 * Adds what is wrong with the names of a level's documents. A decision says which policies decided by their names, so
 * two of one name could not be told apart, nor one from the row of a level that permits nothing.
 */
export function checkNames(documents: readonly PlacedDocument[]): readonly PlacedDocument[] {
  const firsts = new Map<string, PlacedDocument>();
  return documents.map((document) => {
    const { kind, name } = document;
    if (kind === undefined || name === undefined) return document;
    const id = `${kind} ${name}`;
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, document);
    const issue =
      first !== undefined
        ? taken(id, first)
        : kind === 'Policy' && name === noPermit
          ? issueOfName(`${name} is the name of the answer where no policy permits`)
          : undefined;
    return issue === undefined ? document : { ...document, issues: [...document.issues, issue] };
  });
}

function taken(id: string, { file, index }: PlacedDocument): PlacedIssue {
  return issueOfName(`there is another ${id} in this level: document ${index + 1} of ${file.path}`);
}

function issueOfName(message: string): PlacedIssue {
  const fix = 'Give it a name that no other document of its kind has in this level.';
  return { code: codes.DUPLICATE, path: ['metadata', 'name'], message, fix };
}
