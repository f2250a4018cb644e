import { withoutControls } from '../kernel/log.ts';
import type {
  BundleDecision,
  DecisionReport,
  DecisionRow,
  ProposalDecision,
  Receipt,
  Verdict,
} from './report.gen.ts';

const said: Readonly<Record<DecisionReport['by'], Readonly<Record<Verdict, string>>>> = {
  gate: {
    allowed: 'would be allowed',
    open: 'is left to the trusted project',
    denied: 'would be DENIED',
    undecided: 'NO DECISION is possible here',
    nothing: 'nothing to decide',
  },
  apply: {
    allowed: 'allowed',
    open: 'open',
    denied: 'DENIED',
    undecided: 'NO DECISION',
    nothing: 'nothing to decide',
  },
};

/** The report in lines for a job's log; what strangers wrote is shown without control characters, one line each. */
export function renderDecision(report: DecisionReport): string {
  const words = said[report.by];
  const { levels } = report.policies;
  const counted = levels.map(({ name, policies }) => `${name} ${policies}`).join(', ');
  const lines = [
    ...(levels.length === 0 ? [] : [`policies: ${counted}`]),
    ...mergedResults(report),
    ...report.reasons.map((reason) => `  ${reason}`),
    ...report.agents.flatMap(({ path, verdict, reasons, policies, warnings }) => [
      `${path}: to run it ${words[verdict]}`,
      ...reasons.map((reason) => `  ${reason}`),
      ...rowsOf(policies, verdict, warnings),
    ]),
    ...report.bundles.flatMap(({ source, agent, verdict, reasons, proposals, ...threads }) => [
      `${source}: proposals${agent === undefined ? '' : ` of ${agent}`}: ${words[verdict]}`,
      ...reasons.map((reason) => `  ${reason}`),
      ...proposals.flatMap((proposal) => renderProposal(proposal, words)),
      ...threadsInWords(threads),
    ]),
    ...(report.status === undefined ? [] : [`status of the pipeline: ${receiptInWords(report.status)}`]),
    `${report.by === 'gate' ? 'advice' : 'decision'}: ${words[report.verdict]}`,
  ];
  return `${lines.map((line) => withoutControls(line.replace(/[\n\t]/g, ' '))).join('\n')}\n`;
}

/** What holds where the target branch has moved since GitLab merged the head into it. */
function mergedResults({ by, target, policies: { commit } }: DecisionReport): string[] {
  if (target?.targetHead === undefined) return [];
  const [head, made] = [target.head, target.targetHead].map((sha) => sha.slice(0, 12));
  const moved =
    by === 'apply' && commit !== null && commit !== target.targetHead
      ? `; the target branch has moved on since, and manifests and policies count as they are at ${commit.slice(0, 12)}`
      : '';
  return [`merged results of ${head} and ${made}${moved}`];
}

function renderProposal(
  { kind, what, verdict, reasons, policies, warnings, neutralised, receipt }: ProposalDecision,
  words: Readonly<Record<Verdict, string>>,
): string[] {
  const harmless = neutralised === 0 ? '' : `, ${neutralised} places of its text made harmless`;
  const done = receipt === undefined ? [] : [`    ${receiptInWords(receipt)}`];
  return [
    `  ${kind}${what === '' ? '' : ` "${what}"`}: ${words[verdict]}${harmless}`,
    ...reasons.map((reason) => `    ${reason}`),
    ...rowsOf(policies, verdict, warnings).map((line) => `  ${line}`),
    ...done,
  ];
}

function threadsInWords({ resolved, unresolved }: Pick<BundleDecision, 'resolved' | 'unresolved'>): string[] {
  if (unresolved !== undefined) return [`  threads that are not proposed any more stay open: ${unresolved}`];
  return resolved === undefined
    ? []
    : [`  ${resolved} of its threads resolved: they are not proposed any more`];
}

function receiptInWords({ done, url, reason }: Receipt): string {
  return `${done}${url === undefined ? '' : ` ${url}`}${reason === undefined ? '' : `: ${reason}`}`;
}

function rowsOf(
  policies: readonly DecisionRow[],
  verdict: Verdict,
  warnings: readonly DecisionRow[],
): string[] {
  const shown = verdict === 'allowed' ? policies.map(({ id }) => `  by ${id}`) : policies.flatMap(explain);
  return [...shown, ...warnings.map(({ id, message }) => `  warning of ${id}: ${message}`)];
}

function explain({ id, message, fix }: DecisionRow): string[] {
  return [`  ${id}: ${message}`, ...(fix === undefined ? [] : [`    ${fix}`])];
}
