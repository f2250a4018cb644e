import type { JsonValue } from '../kernel/canonical.ts';
import type { CommitProposal, Proposal } from './bundle.gen.ts';
import type { ChangedLines } from './changed-lines.ts';
import type { Choices } from './choices.ts';
import { type BaseFiles, holdsSecret, whyNotOnto } from './commit-files.ts';
import { kinds } from './kinds.gen.ts';
import type { ProposalDesk } from './types.ts';

/** Of one session; schemas/proposals.schema.json repeats it. */
const mostProposals = 50;

/** What a desk knows of the repository and of secrets, so that a model is told at once what would be refused later. */
export interface DeskFacts {
  /** Those that are changed, as far as this side knows them. */
  readonly lines?: ChangedLines | undefined;
  /** Of the commit that is read. */
  readonly files?: BaseFiles | undefined;
  readonly redact?: ((text: string) => string) | undefined;
}

/** Takes what an agent proposes: what does not fit its lists is refused at once, in words that its model can use. */
export function createDesk(
  choices: Choices,
  { lines, files, redact = (text) => text }: DeskFacts = {},
): ProposalDesk {
  const offered = kinds.flatMap((kind) => {
    const tool = kind.tool(choices);
    return tool === undefined ? [] : [{ kind, tool }];
  });
  return {
    tools: offered.map(({ tool }) => tool),
    take: (name, input, taken) => {
      const kind = offered.find(({ tool }) => tool.name === name)?.kind;
      if (kind === undefined) return { ok: false, said: 'This cannot be proposed.' };
      if (taken.length >= mostProposals)
        return { ok: false, said: `Not taken: a session proposes at most ${mostProposals} things.` };
      const read = kind.read(choices, input);
      if (isMistakes(read)) return { ok: false, said: `Not taken: ${read.join('; ')}.` };
      const refused = kind.refuse(choices, read, ofKind(taken as unknown as readonly Proposal[], kind.id));
      if (refused !== undefined) return { ok: false, said: `Not taken: ${refused}.` };
      const found = 'line' in read ? lines?.(read.file, read.line) : undefined;
      if (found?.ok === false) return { ok: false, said: `Not taken: ${found.why}.` };
      const against = 'files' in read ? whyNoCommit(read, files, redact) : undefined;
      if (against !== undefined) return { ok: false, said: `Not taken: ${against}.` };
      return {
        ok: true,
        proposal: read as unknown as JsonValue,
        said: 'Proposed. People and policies decide.',
      };
    },
  };
}

/** A secret that is taken out later would leave another text than the model has written. */
function whyNoCommit(
  { files, title, body }: CommitProposal,
  base: BaseFiles | undefined,
  redact: (text: string) => string,
): string | undefined {
  const texts = [title, body, ...files.flatMap(({ path, content }) => [path, content ?? ''])];
  if (texts.some((text) => holdsSecret(text, redact))) return 'it holds something like a secret';
  return base === undefined ? undefined : whyNotOnto(base, files);
}

function isMistakes(read: Proposal | readonly string[]): read is readonly string[] {
  return Array.isArray(read);
}

export function ofKind(proposals: readonly Proposal[], id: Proposal['kind']): readonly Proposal[] {
  return proposals.filter(({ kind }) => kind === id);
}
