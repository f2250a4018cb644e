import type { Context } from '../kernel/context.ts';
import type { CheckedFile, Finding, FindingCode } from '../kernel/finding.ts';
import { compareFindings } from '../kernel/finding.ts';
import { lintFindings } from './findings.ts';
import { placeIssue } from './place.ts';
import { describeJob } from './read/job.ts';
import { fieldOf, listOf, TooMuch, textOf, Work } from './read/node.ts';
import { type ReadConfiguration, readConfiguration } from './read/read.ts';
import { resolveJobs, resolvePart } from './read/resolve.ts';
import type { Rule } from './rule.ts';
import type { Pipeline } from './types.ts';
import { applyWaivers } from './waivers.ts';

/** Values that are made, merged or referred to, and characters of scripts: many times what the largest pipelines have. */
const mostWork = 3_000_000;
/** Of one rule: a configuration with more mistakes than that has one. */
const mostIssues = 200;
const standardStages = ['build', 'test', 'deploy'];

/**
 * Checks a configuration with the local files it includes: all of them, with what was found in each.
 * @throws FILE_NOT_FOUND and the like
 */
export async function lintFile(
  context: Context,
  file: string,
  rules: readonly Rule[],
): Promise<readonly CheckedFile[]> {
  const work = new Work(mostWork);
  try {
    const configuration = await readConfiguration(context, file, work);
    const { files } = configuration;
    const findings = [...files.flatMap((one) => one.findings), ...findIn(configuration, rules, work)];
    return files.map(({ source }) => {
      const own = unique(findings.filter((finding) => finding.file === source.file));
      const counted = applyWaivers(source.file, source.text, own, rules);
      return { path: source.file, findings: counted.toSorted(compareFindings) };
    });
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return [
      {
        path: file,
        findings: [
          atTop(lintFindings.TOO_MUCH, file, 'what this configuration becomes is beyond the limits'),
        ],
      },
    ];
  }
}

function findIn(configuration: ReadConfiguration, rules: readonly Rule[], work: Work): readonly Finding[] {
  const { main, root, issues } = configuration;
  const told = issues.map(({ code, ...issue }) => placeIssue(code, issue));
  const isRead = main.findings.length === 0;
  // A file of comments is an empty configuration, which GitLab refuses in words of its own.
  if (isRead && main.body?.fields === undefined && main.body !== undefined && main.body.value !== null)
    return [
      ...told,
      atTop(lintFindings.NOT_A_PIPELINE, main.source.file, 'the configuration is not a mapping'),
    ];
  if (root === undefined) return told;
  const pipeline = describePipeline(configuration, root, work);
  return [
    ...told,
    ...rules.flatMap((rule) =>
      rule
        .check(pipeline)
        .slice(0, mostIssues)
        .map((issue) => placeIssue(rule, issue)),
    ),
  ];
}

function describePipeline(
  { main, includes }: ReadConfiguration,
  root: ReadConfiguration['root'] & object,
  work: Work,
): Pipeline {
  const rules = fieldOf(root, 'workflow', 'rules');
  const workflow = rules && resolvePart(root, rules, work);
  const stages = listOf(fieldOf(root, 'stages')).flatMap((stage) => textOf(stage) ?? []);
  return {
    ...{ root, includes, main: main.source, header: main.header },
    jobs: resolveJobs(root, work).map((job) => describeJob(root, workflow, job, work)),
    stages: ['.pre', ...(stages.length > 0 ? stages : standardStages), '.post'],
  };
}

/** Several jobs may have one line of a hidden one, and one finding of it is enough. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, line, column }) => seen.size < seen.add(`${code}:${line}:${column}`).size);
}

function atTop({ code, severity }: FindingCode, file: string, message: string): Finding {
  return { code, severity, file, line: 1, column: 1, path: '', message };
}
