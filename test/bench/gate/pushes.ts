import type { ProposalBundle } from '../../../components/proposals/bundle.gen.ts';
import type { Note } from '../../../components/twin/world/review.ts';
import { startWorld } from '../boundary/world.ts';
import { type Figure, figure, median } from '../figure.ts';

const pushes = 30;
const file = 'src/price.js';

/** Lines that an agent finds something on at a push: some stay, some go and come back. */
const linesAt = (push: number): readonly number[] =>
  [1, 2, 3, 4, 5].filter((line) => line === 1 || push % (line + 1) !== 0);

interface Seen {
  readonly calls: number;
  readonly seconds: number;
  readonly mistakes: readonly string[];
}

/** A merge request of many pushes, at each of which an agent proposes a note and threads: what people see of it, and what it costs. */
export async function measurePushes(): Promise<readonly Figure[]> {
  const world = await startWorld();
  try {
    const { mergeRequest, pipeline } = await world.open('long', { [file]: textOf(1) });
    const seen: Seen[] = [];
    for (let push = 1; push <= pushes; push += 1) {
      const of = push === 1 ? pipeline : await world.push('long', { [file]: textOf(push) });
      world.plant(
        of,
        JSON.stringify({ ...world.bundleFor(mergeRequest, proposalsAt(push)), complete: true }),
      );
      const before = world.twin.journal.entries.length;
      const start = performance.now();
      const asked = { project: world.shop.id, mergeRequest: mergeRequest.iid, pipeline: of.id };
      const { report } = await world.apply(asked);
      const seconds = (performance.now() - start) / 1_000;
      const calls = world.twin.journal.entries.length - before;
      const notes = mergeRequest.notes.filter(({ authorId, system }) => authorId === world.bot && !system);
      seen.push({
        calls,
        seconds,
        mistakes: [...mistakesIn(notes, push), ...(report.verdict === 'allowed' ? [] : [report.verdict])],
      });
      world.twin.journal.clear();
    }
    return figuresOf(seen);
  } finally {
    await world.close();
  }
}

function figuresOf(seen: readonly Seen[]): readonly Figure[] {
  const mistakes = seen.flatMap((one, index) =>
    one.mistakes.map((mistake) => `push ${index + 1}: ${mistake}`),
  );
  const shown = mistakes.slice(0, 3).join('; ');
  const calls = seen.map((one) => one.calls);
  const seconds = median(seen.map((one) => one.seconds));
  return [
    figure({
      ...{ id: 'review-mistakes', value: mistakes.length, unit: '', better: 'lower', goal: 0 },
      against: `${pushes} pushes: one note a topic, threads open on the lines that are proposed and resolved on the others${shown === '' ? '' : `; ${shown}`}`,
    }),
    figure({
      ...{ id: 'calls-a-push', value: median(calls), unit: '', better: 'lower', goal: null },
      against: `from ${Math.min(...calls)} to ${Math.max(...calls)} with a note and up to five threads; GitLab.com takes 2,000 a minute of one user`,
    }),
    figure({
      ...{ id: 'seconds-a-push', value: seconds, unit: 's', better: 'lower', goal: null },
      against:
        'deciding and applying in one process, in the trusted project: no job of the merge request waits for it',
    }),
  ];
}

/** Each push moves the lines that threads stand on. */
function textOf(push: number): string {
  const above = Array.from({ length: push % 7 }, (_, index) => `// ${push}, ${index}\n`).join('');
  return above + Array.from({ length: 5 }, (_, line) => `export const v${line} = ${line};\n`).join('');
}

function proposalsAt(push: number): ProposalBundle['proposals'] {
  return [
    { kind: 'note', topic: 0, body: `What push ${push} is like.` },
    ...linesAt(push).map(
      (line) =>
        ({ kind: 'thread', topic: 0, file, line: line + (push % 7), body: `v${line - 1} is odd.` }) as const,
    ),
  ];
}

/** As many are open as are proposed, each on the line it is about, and none is there twice. */
function mistakesIn(notes: readonly Note[], push: number): readonly string[] {
  const [plain, threads] = [
    notes.filter((note) => !note.resolvable),
    notes.filter((note) => note.resolvable),
  ];
  const open = threads.filter(({ resolvedAt }) => resolvedAt === undefined);
  const about = (note: Note) => /v(\d) is odd/.exec(note.body)?.[1];
  const wanted = linesAt(push).map((line) => String(line - 1));
  const isRight = open.map(about).sort().join() === wanted.join();
  const isTwice = new Set(threads.map(about)).size !== threads.length;
  return [
    ...(plain.length === 1 && plain[0]?.body.includes(`push ${push} `) ? [] : [`${plain.length} notes`]),
    ...(isRight ? [] : [`threads open on ${open.map(about).join(', ')}, expected ${wanted.join(', ')}`]),
    ...(isTwice ? ['a thread is there twice'] : []),
  ];
}
