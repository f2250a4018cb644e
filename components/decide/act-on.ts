import { currentUser } from '../gitlab/endpoints/users.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Context } from '../kernel/context.ts';
import type { ApplyRequest } from './apply.ts';
import { applyEffect, type EffectPlace, type Resolved, resolveGone } from './effects.ts';
import type { JudgedBundle } from './judging.ts';
import type { BundleDecision } from './report.gen.ts';
import type { TargetFacts } from './target.ts';

/** Does what is allowed of the bundles, one effect after another, and says of each what came of it. */
export async function actOn(
  context: Context,
  gitlab: GitLab,
  { target, tiers }: Pick<EffectPlace, 'tiers'> & { readonly target: TargetFacts },
  all: readonly JudgedBundle[],
  {
    commits,
    onlyCommits,
    agents,
    policies,
  }: Pick<ApplyRequest, 'commits' | 'onlyCommits' | 'agents' | 'policies'>,
): Promise<BundleDecision[]> {
  const judged = onlyCommits === undefined ? all : all.map(withoutOthers);
  const acts = ({ effects, resolves }: JudgedBundle) =>
    resolves.length > 0 || effects.some((effect) => effect !== undefined);
  if (!judged.some(acts)) return judged.map(({ decision }) => decision);
  const account = await currentUser(gitlab);
  const forbidden = [agents, policies];
  const place: EffectPlace = { context, gitlab, account, target, commits, forbidden, tiers };
  const decisions: BundleDecision[] = [];
  for (const { decision, effects, bundle, agent, resolves } of judged) {
    const proposals = [...decision.proposals];
    for (const [index, effect] of effects.entries()) {
      const proposal = proposals[index];
      if (effect === undefined || proposal === undefined || bundle === undefined || agent === undefined)
        continue;
      context.cancel.throwIfAborted();
      const receipt = await applyEffect(place, effect, {
        ...{ agent: agent.profile.name, path: agent.path, usage: bundle.usage },
        ...{ neutralised: proposal.neutralised, mergeRequest: target.mergeRequest.iid },
        session: bundle.session.id,
      });
      proposals[index] = { ...proposal, receipt };
    }
    const resolved =
      resolves.length === 0 || bundle === undefined || agent === undefined
        ? undefined
        : await resolveGone(place, resolves, {
            ...{ agent: agent.profile.name, path: agent.path, usage: bundle.usage, neutralised: 0 },
            ...{ mergeRequest: target.mergeRequest.iid, session: bundle.session.id },
            ...{ effects: effects.filter((one) => one !== undefined) },
          });
    decisions.push({ ...decision, proposals, ...(resolved && inReport(resolved)) });
  }
  return decisions;
}

/** A bundle of which only the commit is acted on. */
function withoutOthers(judged: JudgedBundle): JudgedBundle {
  const effects = judged.effects.map((effect) => (effect?.kind === 'commit' ? effect : undefined));
  return { ...judged, effects, resolves: [] };
}

function inReport(resolved: Resolved): Pick<BundleDecision, 'resolved' | 'unresolved'> {
  if (!resolved.ok) return { unresolved: resolved.reason };
  return resolved.count === 0 ? {} : { resolved: resolved.count };
}
