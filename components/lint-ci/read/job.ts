import { agentsOf } from '../agents.ts';
import { runsIn } from '../conditions/when.ts';
import { branchFacts, defaultBranchFacts, mergeRequestFacts } from '../names/gitlab.ts';
import { commandsOf } from '../shell/walk.ts';
import { followTaint } from '../taint.ts';
import type { Job, Node, ScriptCommand } from '../types.ts';
import { fieldOf, flatListOf, textOf, type Work } from './node.ts';
import { inheritedVariables, type ResolvedJob } from './resolve.ts';

/** What a command costs beside its characters: every rule looks at each. */
const perCommand = 16;
const mergeRequests = { facts: mergeRequestFacts, refs: ['merge_requests'] };
const branches = { facts: branchFacts, refs: ['branches', 'pushes'] };
const defaultBranch = { facts: defaultBranchFacts, refs: ['branches', 'pushes', 'main'] };

/** A job with what rules ask of it. @throws TooMuch */
export function describeJob(root: Node, workflow: Node | undefined, resolved: ResolvedJob, work: Work): Job {
  const { name, node, own } = resolved;
  const scripts = ['before_script', 'script', 'after_script'].flatMap((part) =>
    flatListOf(fieldOf(node, part)),
  );
  const ownVariables = fieldOf(node, 'variables')?.fields ?? new Map<string, Node>();
  const variables = new Map([...inheritedVariables(root, node), ...ownVariables]);
  const commands = scripts.flatMap((script) => readCommands(script, work));
  const inMergeRequests = runsIn(node, workflow, mergeRequests, branchFacts);
  return {
    ...{ name, node, own, scripts, commands, variables, ownVariables },
    stage: textOf(fieldOf(node, 'stage')) ?? 'test',
    moments: followTaint(variables, commands),
    agents: agentsOf(commands, ownVariables),
    inMergeRequests: inMergeRequests.runs !== 'no' && inMergeRequests.meant,
    inBranch: runsIn(node, workflow, branches, mergeRequestFacts).runs,
    inDefaultBranch: runsIn(node, workflow, defaultBranch, mergeRequestFacts).runs,
  };
}

function readCommands(node: Node, work: Work): readonly ScriptCommand[] {
  const text = textOf(node);
  if (text === undefined) return [];
  work.spend(text.length);
  const commands: ScriptCommand[] = [];
  for (const command of commandsOf(withoutInputs(text))) {
    work.spend(perCommand + command.words.length);
    commands.push({ command, node });
  }
  return commands;
}

const input = /\$\[\[[^\]\r\n]{0,512}\]\]/g;

/**
 * A script with a plain word in the place of each input, as long as what stood there: GitLab puts values in before a shell reads
 * it. The input `pipewright` of our own components is the program of that name.
 */
function withoutInputs(text: string): string {
  if (!text.includes('$[[')) return text;
  return text.replace(input, (written) => {
    const isOurs = /^\$\[\[\s*inputs\.pipewright\s*\]\]$/.test(written);
    return isOurs ? '/pipewright'.padStart(written.length, '_') : '_'.repeat(written.length);
  });
}
