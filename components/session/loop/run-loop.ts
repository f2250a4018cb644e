import { digest, type JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { withStep } from '../agent-replay.ts';
import { withAnswerDue } from '../answer-due.ts';
import { settleCall, tellFiltered } from '../ask-model.ts';
import { decide, signalFacts } from '../decide.ts';
import { endOf, forPeople } from '../for-people.ts';
import { answerDue, firstMessages, openingSources } from '../prompt.ts';
import type { Decided, Ended, LoopStep } from '../records.ts';
import { showErrors } from '../show-errors.ts';
import { openTalk, type Talk } from './open-talk.ts';
import { serveCall } from './serve-call.ts';
import { serveModel } from './serve-model.ts';
import type { Brought, Serving } from './serving.ts';
import type { LoopRequest } from './types.ts';

/** Milliseconds in which a program greets, and in which it says something while nobody makes it wait. */
const [greeting, idle] = [30_000, 120_000];

/** Milliseconds in which two clocks may differ. */
const moment = 1_000;

/** Requests of one session. */
export const mostSteps = 2_000;

/**
 * Lets a program of the repository be the agent: each of its requests is served as our own loop would do it, recorded, and
 * answered then. One that is started again is answered from the records as long as it asks for the same.
 * @throws what model, store and sandbox throw
 */
export async function runLoop(context: Context, serving: Serving): Promise<Ended> {
  const { chronicle, watch, program } = serving;
  const over = endOf(chronicle.state()) ?? watch.isOver();
  if (over !== undefined) return over;
  const talk = await openTalk(context, program, watch.left() + 10 * moment);
  try {
    return (await greet(context, serving, talk)) ?? (await converse(context, serving, talk));
  } finally {
    await talk.close();
    await showErrors(context, talk.errors(), { of: 'loop', prefix: 'loop: ' });
  }
}

async function greet(
  context: Context,
  { run, belt, guard, chronicle, known }: Serving,
  talk: Talk,
): Promise<Ended | undefined> {
  const isFirst = chronicle.state().loop.steps.length === 0;
  const [, message] = firstMessages(run.manifest, run.title, guard.input(context.redact, isFirst));
  const opening = message?.role === 'user' ? message.text : '';
  known.add(opening);
  if (!isFirst) known.add(run.manifest.role);
  talk.tell({
    ...{ type: 'hello', protocol: [1], agent: run.manifest.name },
    ...{ opening, tools: belt.descriptions },
  });
  const heard = await talk.next(greeting);
  if (heard.kind === 'silent') return failed(`it did not greet within ${greeting / 1_000} s`);
  return heard.kind === 'over' ? failed(heard.reason) : undefined;
}

async function converse(context: Context, serving: Serving, talk: Talk): Promise<Ended> {
  const { chronicle, watch } = serving;
  for (let place = 0; ; place += 1) {
    context.cancel.throwIfAborted();
    const over = watch.isOver();
    if (over !== undefined) return over;
    const left = watch.left();
    const heard = await talk.next(Math.min(idle, left));
    if (heard.kind === 'silent') {
      // A clock that wakes a moment early does not make it another end.
      const end = left <= idle ? watch.isOver(moment) : undefined;
      return end ?? failed(`it said nothing for ${idle / 1_000} s`);
    }
    if (heard.kind === 'over') return failed(`${heard.reason}, and it has not said that it is done`);
    const { id, ...request } = heard.message as LoopRequest;
    const asked = digest(request as unknown as JsonValue);
    const { steps, open } = chronicle.state().loop;
    const before = steps[place];
    const isOther = before === undefined ? (open ?? asked) !== asked : before.request !== asked;
    if (isOther) return tookAnotherWay(place, request.type, before?.asked);
    if (before === undefined) {
      if (place >= mostSteps)
        return { outcome: 'blocked', reason: `it has made all of its ${mostSteps} requests` };
      const end = await serve(context, serving, heard.message as LoopRequest, asked);
      // Whoever is done may end in peace.
      if (end !== undefined && request.type === 'done')
        talk.tell({ type: 'answer', id, ok: true, result: {} });
      if (end !== undefined) return end;
    }
    // What was said in an earlier job has been counted there.
    else if (request.type === 'model') for (const { text } of request.messages) serving.known.add(text);
    const answer = chronicle.state().loop.steps[place]?.answer as object;
    talk.tell({ type: 'answer', id, ...answer });
  }
}

function failed(reason: string): Ended {
  return { outcome: 'failed', reason: `its loop is of no use: ${reason}` };
}

/** Whether to pay for another way again is a person's to say: a program that never goes the same way would pay in each job. */
function tookAnotherWay(left: number, now: string, before: string | undefined): Ended {
  const then =
    before === undefined ? 'another one that was not answered' : before === now ? `another ${now}` : before;
  const reason = `its loop took another way than before: request ${left + 1} was ${then} then, and is ${now} now; any answer lets it go on from there, without what it has proposed since`;
  return { outcome: 'blocked', reason, left };
}

/** Serves one request and records it; gives the end of this job's share where it has come to one. */
async function serve(
  context: Context,
  serving: Serving,
  request: LoopRequest,
  asked: string,
): Promise<Ended | undefined> {
  const { run, chronicle, guard, program, watch, elapsedBefore } = serving;
  const brought = await bring(context, serving, request, asked);
  if ('outcome' in brought) return brought;
  const { filtered, classes } = guard.take();
  const { answer, results = [], proposals = [], sources = [], ...rest } = brought;
  const step: Omit<LoopStep, 'decided'> = {
    ...{ request: asked, asked: request.type, answer: answer as unknown as JsonValue },
    ...{ report: undefined, ...rest, results, proposals },
    sources: [...new Set([...openingSources(run), ...program.reads, ...sources])],
    ...(filtered.length === 0 ? {} : { filtered }),
    ...(classes.length === 0 ? {} : { classes }),
    elapsed: Math.round(elapsedBefore + watch.elapsed()),
  };
  const found = decided(serving, step);
  const told = found.reminds ? { answer: refusal } : {};
  await chronicle.append('loop-step', { ...step, ...told, decided: found });
  if (step.turn !== undefined) await settleCall(context, run, chronicle);
  tellFiltered(context, filtered);
  run.onIteration(chronicle.state());
  return endOf(chronicle.state());
}

async function bring(
  context: Context,
  serving: Serving,
  request: LoopRequest,
  asked: string,
): Promise<Brought | Ended> {
  switch (request.type) {
    case 'model':
      return serveModel(context, serving, request);
    case 'ask': {
      const { said } = serving.chronicle.state().loop;
      if (said === undefined)
        return { outcome: 'blocked', reason: `it asks: ${quote(context.redact(request.question))}` };
      return { answer: { ok: true, result: { text: said } }, hears: true };
    }
    case 'done':
      return { answer: { ok: true, result: {} } };
    default:
      return serveCall(context, serving, request, asked);
  }
}

/** What a program is told that is done without the answer of its manifest; it goes on, and may put it to its model. */
const refusal = { ok: false, error: { code: 'answer-missing', message: answerDue.text } };

/** Signals are asked after each request; a program that is done has nothing to go on with. */
function decided({ run, chronicle }: Serving, step: Omit<LoopStep, 'decided'>): Decided {
  const { manifest, conditions } = run;
  const isDone = step.asked === 'done';
  const worked = withStep(chronicle.state(), step);
  const facts = signalFacts(manifest, worked);
  const asked = { tools: !isDone, raised: step.report?.signal, cut: undefined };
  const found = forPeople(
    run,
    step.denials === undefined ? {} : { denials: step.denials },
    decide(manifest, conditions, facts, asked),
  );
  return withAnswerDue(run.answer, worked, ofLoop(found, isDone), isDone ? 'now' : 'later');
}

function ofLoop(found: Decided, isDone: boolean): Decided {
  if (found.signal !== 'continue') return found;
  if (!isDone) return { ...found, reason: 'its loop goes on' };
  return { ...found, signal: 'complete', reason: 'its loop is done' };
}
