import type { Tier } from '../../gitlab/endpoints/facts.ts';
import type { GitLab } from '../../gitlab/types.ts';
import { checkTrustedProject } from '../check.ts';
import type { HandOff } from '../check-hand-off.ts';
import { brokenToo, readProject } from '../facts.ts';
import { ok, unknown } from '../lines.ts';
import type { CheckLine, Known } from '../types.ts';
import { type Check, type Topic, topics } from './check.ts';
import { checks } from './checks.gen.ts';
import { readDoctorFacts } from './facts.ts';
import { handOffsOf } from './pipeline.ts';
import { checkTrustedRunners } from './trusted-runners.ts';

export interface DoctorRequest {
  /** Full path or number of the project that includes our components. */
  readonly project: string;
  /** Full path or number of the trusted project, to be checked as well. */
  readonly trusted: string | undefined;
  /** Name of the service account that acts in the trusted project. */
  readonly account: string | undefined;
  /** Name of the account of the forks that commits are pushed to. */
  readonly forkAccount: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Lines of one topic; those of the trusted project are a topic of their own. */
export interface DoctorSection {
  readonly topic: Topic | 'project' | 'trusted';
  readonly title: string;
  readonly lines: readonly CheckLine[];
}

export interface Diagnosis {
  /** Undefined where the project cannot be seen. */
  readonly tier: Tier | undefined;
  readonly sections: readonly DoctorSection[];
}

/**
 * Asks GitLab how a project that includes our components is set up: every mistake in one go. Only reads, and no value of a
 * variable. @throws failures of GitLab that leave nothing to say, such as a token it does not know
 */
export async function diagnose(gitlab: GitLab, request: DoctorRequest): Promise<Diagnosis> {
  const { project: path, trusted, now } = request;
  const project = await readProject(gitlab, path, brokenToo);
  const first = { topic: 'project', title: 'The project' } as const;
  if (!project.known) {
    const fix = 'Check --project, and use a token of a maintainer of it, with the scope read_api.';
    const lines = [unknown('project', project.reason, fix)];
    return {
      tier: undefined,
      sections: [{ ...first, lines }, ...(await checkTrusted(gitlab, request, path))],
    };
  }
  const served = project.value.pathWithNamespace;
  const facts = await readDoctorFacts(gitlab, project.value, { now, trusted });
  return {
    tier: facts.tier,
    sections: [
      { ...first, lines: [ok('project', served)] },
      ...sectionsOf((check) => check.run(facts)),
      ...(await checkTrusted(gitlab, request, served, handOffsOf(facts.pipeline))),
    ],
  };
}

/** The sections in the order of topics, each with its checks in the order of their names. */
function sectionsOf(run: (check: Check) => readonly CheckLine[]): readonly DoctorSection[] {
  return Object.entries(topics).map(([topic, title]) => ({
    ...{ topic: topic as Topic, title },
    lines: checks.filter((check) => check.topic === topic).flatMap(run),
  }));
}

async function checkTrusted(
  gitlab: GitLab,
  { trusted, account, forkAccount }: DoctorRequest,
  served: string,
  handOffs?: Known<readonly HandOff[]>,
): Promise<readonly DoctorSection[]> {
  if (trusted === undefined) return [];
  const asked = { project: trusted, serves: [served], account, forkAccount };
  const request = handOffs === undefined ? asked : { ...asked, handOffs };
  const lines = await checkTrustedProject(gitlab, request, brokenToo);
  const runners = await checkTrustedRunners(gitlab, trusted);
  return [{ topic: 'trusted', title: `The trusted project ${trusted}`, lines: [...lines, ...runners] }];
}
