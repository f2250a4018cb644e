import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { recordLine } from '../../../components/models/cassette.ts';
import type { Message, Model, ModelRequest, ModelTurn } from '../../../components/models/types.ts';
import { answerSession } from '../../../components/session/person-answer.ts';
import type { AgentEnd } from '../../../components/session/run-agent.ts';
import type { SessionLog } from '../../../components/stores/types.ts';
import type { Tool } from '../../../components/tools/types.ts';
import { openCheckout } from '../../../scripts/wire/run-checkout.ts';
import type { RunPlace } from '../../../scripts/wire/run-place.ts';
import { directoryStore } from '../../stores/support.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { runIn } from '../agents.ts';
import { agentPath, agentYaml, repository, turn } from '../support.ts';

type Parts = NonNullable<Parameters<typeof agentYaml>[0]> & { readonly subagent?: string };

/** An agent with a subagent that may read files. */
export function withSubagent({ subagent = '', more = '', ...parts }: Parts = {}): string {
  const further = subagent === '' ? '' : `, ${subagent}`;
  return agentYaml({
    completion: 'default_signal: complete\nmax_iterations: 20',
    ...parts,
    more: `subagents: [{name: reader, role: You read files., tools: [read_file]${further}}]\n${more}`.trim(),
  });
}

export const checkout = (parts: Parts = {}, files: Readonly<Record<string, string>> = {}): string =>
  repository({ [agentPath]: withSubagent(parts), ...files });

export const hand = (task = 'Read the price.') => ['delegate', { subagent: 'reader', task }] as const;

/** A tool that is quick, and counts its calls. */
export function look(more: Partial<Tool> = {}): { readonly tool: Tool; readonly calls: () => number } {
  let calls = 0;
  const tool: Tool = {
    ...{ id: 'look', description: 'Looks.', parameters: { type: 'object' }, source: 'job-log' },
    ...{ timeout: 1_000, outputLimit: 100, readOn: 'ask for less', permission: 'read_code' },
    ...{ risk: 'low', replay: 'pure', kind: 'function' },
    run: async () => {
      calls += 1;
      return { text: `VAT is ${calls}.`, failed: false };
    },
    ...more,
  };
  return { tool, calls: () => calls };
}

/** A session in which an agent reads, gives a task away, and proposes a note by what it is told. */
export const agentTurns: readonly ModelTurn[] = [
  turn('', ['read_diff', {}], hand()),
  turn('', ['propose_note', { body: 'VAT is 19 now.' }]),
  turn('Done.'),
];

export const readerTurns: readonly ModelTurn[] = [
  turn('', ['read_file', { path: 'src/price.ts' }], ['read_file', { path: 'none.ts' }]),
  turn('VAT is 19.'),
];

export function isReader({ messages }: Pick<ModelRequest, 'messages'>): boolean {
  const [first] = messages;
  return first?.role === 'system' && first.text.startsWith('You read files.');
}

type OnCall = (line: string, request: ModelRequest) => void;

/** Answers agent and subagent by how often each has been asked in its conversation. */
export function two(
  agent: readonly ModelTurn[] = agentTurns,
  reader: readonly ModelTurn[] = readerTurns,
  onCall: OnCall = () => undefined,
): Model {
  return {
    id: 'scripted',
    generate: async (request) => {
      const asked = request.messages.filter(({ role }) => role === 'assistant').length;
      const answer = (isReader(request) ? reader : agent)[asked];
      if (answer === undefined) throw new Error(`the script has no turn ${asked}`);
      onCall(recordLine(request, answer), request);
      return answer;
    },
  };
}

/** Such a model, and what it was asked. */
export function asking(agent = agentTurns, reader = readerTurns) {
  const asked: ModelRequest[] = [];
  return { asked, model: two(agent, reader, (_, request) => void asked.push(request)) };
}

/** What the agent was told of its calls, in the order of them. */
export function toldAgent(asked: readonly ModelRequest[]): readonly Extract<Message, { role: 'tool' }>[] {
  const last = asked.findLast((request) => !isReader(request));
  return (last?.messages ?? []).flatMap((message) => (message.role === 'tool' ? [message] : []));
}

/** A job that is cut off at a record: before it is durable, or right after. */
export const cutAt = (record: number, when: 'before' | 'after') => (log: SessionLog) => {
  let left = record;
  const end = () => {
    throw new Error('the job ends');
  };
  return {
    ...log,
    append: async (...given: Parameters<SessionLog['append']>) => {
      left -= 1;
      if (left < 0 && when === 'before') end();
      const appended = await log.append(...given);
      if (left < 0) end();
      return appended;
    },
  };
};

interface RunParts extends Omit<Parameters<typeof runIn>[2], 'log' | 'session'> {
  /** In place of the one that it began in. */
  readonly elsewhere?: RunPlace;
  /** Changes the log that is written to. */
  readonly through?: (log: SessionLog) => SessionLog;
}

/** A place that sessions run in, opened once for all of them. */
export async function placeOf(cwd: string, change: Parameters<typeof testContext>[1] = {}) {
  const context = testContext(cwd, change);
  const place = await openCheckout(context, agentPath);
  return () => {
    const store = directoryStore(context, join(workspace(), 'sessions'));
    const session = randomUUID();
    let how: 'begin' | 'resume' = 'begin';
    const open = async () => {
      const log = await store.open(session, how);
      how = 'resume';
      return log;
    };
    return {
      session,
      run: async ({ through = (log) => log, elsewhere = place, ...parts }: RunParts): Promise<AgentEnd> => {
        const log = await open();
        try {
          return await runIn(context, elsewhere, { ...parts, log: through(log), session });
        } finally {
          await log.close();
        }
      },
      answer: async (text: string) => {
        const log = await open();
        await answerSession(log, session, { text });
        await log.close();
      },
      records: async () => (await store.read(session)).records,
    };
  };
}
