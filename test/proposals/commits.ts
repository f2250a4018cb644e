import type { CommitProposal } from '../../components/proposals/bundle.gen.ts';
import { changedLines } from '../../components/proposals/changed-lines.ts';
import { planChoices } from '../../components/proposals/choices.ts';
import { planEffects } from '../../components/proposals/plan.ts';

/** As wide as a manifest can say it. */
export const all = ['**', '**/.*', '**/.*/**'];
export const choices = planChoices({ proposals: { commit: { paths: ['src/**', 'docs/*.md'] } } }, 'writer');
export const wide = planChoices(
  { proposals: { commit: { paths: all, 'max-files': 2, 'max-bytes': 20 } } },
  'writer',
);
export const noLines = changedLines([]);

export const commit = (
  files: CommitProposal['files'],
  words: Partial<CommitProposal> = {},
): CommitProposal => ({
  ...{ kind: 'commit', title: 'Round once', body: 'Twice is wrong.', files },
  ...words,
});
export const plan = (proposal: CommitProposal, lists = choices) => planEffects(lists, [proposal], noLines)[0];
