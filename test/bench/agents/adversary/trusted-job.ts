import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../../../components/kernel/context.ts';
import { endOfAgent } from '../../../../components/session/result.ts';
import { createContext } from '../../../../scripts/wire/context.ts';
import { writeFiles } from '../../../../scripts/wire/run-files.ts';
import { readRunnable } from '../../../../scripts/wire/run-manifest.ts';
import { openMergeRequest } from '../../../../scripts/wire/run-merge-request.ts';
import { agentPath } from '../../../decide/shop.ts';
import { runIn } from '../../../session/agents.ts';
import { directoryStore } from '../../../stores/support.ts';
import { workspace } from '../../../support/workspace.ts';
import { certified } from '../../boundary/agent.ts';
import type { BoundaryWorld } from '../../boundary/world.ts';
import type { createObedient } from './obedient.ts';

/** The bytes that a session in the trusted project leaves. */
export async function propose(
  context: Context,
  { shop }: BoundaryWorld,
  mergeRequest: number,
  model: ReturnType<typeof createObedient>['model'],
) {
  const place = await openMergeRequest(context, { project: shop.id, mergeRequest }, agentPath);
  try {
    const asked = {
      policies: 'policies',
      organisation: 'policies',
      levels: [],
      'data-classes': '',
      'model-regions': '',
    };
    const { gate, report } = await place.ask(asked);
    if (report?.verdict !== 'allowed') throw new Error(`the agent may not run: ${JSON.stringify(report)}`);
    const runnable = await readRunnable(place.manifest, () => ({}));
    if (!runnable.ok) throw new Error('the agent cannot be run');
    const [store, session] = [directoryStore(context, 'sessions'), randomUUID()];
    const log = await store.open(session, 'begin');
    const end = endOfAgent(await runIn(context, place, { model, log, session, gate }));
    await writeFiles(context, session, place, runnable, {
      id: session,
      epoch: 1,
      head: '1:x',
      rung: 'none',
      store,
      end,
    });
    await log.close();
    return readFileSync(join(context.cwd, session, 'proposals.json'));
  } finally {
    await place.close();
  }
}

/** A job of the trusted project, with the token of the account that acts. */
export function jobOf({ twin, trusted, tokenOf }: BoundaryWorld): Context {
  const token = tokenOf('bot');
  const env = {
    ...{
      PATH: process.env.PATH ?? '',
      GITLAB_CI: 'true',
      CI_SERVER_URL: twin.url,
      CI_API_V4_URL: `${twin.url}/api/v4`,
    },
    ...{
      CI_PROJECT_ID: String(trusted.id),
      CI_PROJECT_PATH: trusted.path,
      CI_PROJECT_URL: `${twin.url}/${trusted.path}`,
    },
    ...{
      CI_DEFAULT_BRANCH: 'main',
      CI_SERVER_VERSION: '18.5.0',
      PIPEWRIGHT_GITLAB_TOKEN: token,
      CI_JOB_TOKEN: 'glcbt-none',
    },
    ...{
      CI_JOB_ID: '1',
      CI_JOB_NAME: 'run',
      CI_JOB_STAGE: 'test',
      CI_JOB_URL: `${twin.url}/${trusted.path}/-/jobs/1`,
    },
    ...{ CI_JOB_STARTED_AT: new Date().toISOString(), CI_JOB_TIMEOUT: '36000', CI_NODE_TOTAL: '1' },
  };
  const silent = () => undefined;
  const cwd = workspace({ 'policies/certified.policy.yaml': certified });
  return createContext(
    { log: 'human', debug: false, secrets: [token] },
    {
      env: { ...env, TMPDIR: cwd },
      cwd,
      cancel: new AbortController().signal,
      terminal: false,
      stdout: silent,
      stderr: silent,
    },
  );
}
