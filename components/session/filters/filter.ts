import { detectors } from './detectors.gen.ts';
import { sampleOf } from './sample.ts';
import {
  type Action,
  actions,
  type DataClass,
  type Detector,
  type FilterRule,
  type Found,
  type Span,
  type Way,
} from './types.ts';

/** What became of a text. */
export interface Filtered {
  /** Without what is to be redacted; of a text that is blocked, a sentence that says so. */
  readonly text: string;
  readonly found: readonly Found[];
  readonly classes: readonly DataClass[];
  /** Names of what blocks it; empty where nothing does. */
  readonly blocked: readonly string[];
}

/** Looks at a text on its way to a model or from it. Equal texts give equal answers, in this run and in every later one. */
export type Filter = (text: string, way: Way) => Filtered;

/** A detector's finds, with what is done with them. */
interface Hit {
  readonly detector: Detector;
  readonly action: Action | undefined;
  readonly spans: readonly Span[];
}

/** Detectors of a class of data always look, since policies ask for the classes; what they find is left alone without a rule. */
export function createFilter(rules: readonly FilterRule[]): Filter {
  const wanted = new Map(rules.map(({ detector, action }) => [detector, action]));
  const active = detectors.filter(({ id, dataClass }) => dataClass !== undefined || wanted.has(id));
  return (text, way) => {
    const sample = sampleOf(text);
    const hits = active
      .map((detector): Hit => ({ detector, action: wanted.get(detector.id), spans: detector.find(sample) }))
      .filter(({ spans }) => spans.length > 0);
    const found = hits.flatMap(({ detector: { id: detector }, action, spans }): Found[] =>
      action === undefined ? [] : [{ detector, action, way, count: spans.length }],
    );
    const classes = [...new Set(hits.flatMap(({ detector: { dataClass } }) => dataClass ?? []))].sort();
    const blocked = found.filter(({ action }) => action === 'block').map(({ detector }) => detector);
    return {
      text: blocked.length === 0 ? redacted(text, hits) : `[withheld: ${blocked.join(', ')}]`,
      ...{ found, classes, blocked },
    };
  };
}

/** Of parts that overlap the first names the whole. */
function redacted(text: string, hits: readonly Hit[]): string {
  const parts = hits
    .filter(({ action }) => action === 'redact')
    .flatMap(({ detector, spans }) => spans.map(([start, end]) => ({ start, end, id: detector.id })))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let [result, done] = ['', 0];
  for (const { start, end, id } of parts) {
    if (start >= done) result += `${text.slice(done, start)}[redacted: ${id}]`;
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

/** The finds of several texts together, in a fixed order. */
export function sumFound(found: readonly Found[]): readonly Found[] {
  const sums = new Map<string, Found>();
  for (const each of found) {
    const key = `${each.way} ${actions.indexOf(each.action)} ${each.detector}`;
    sums.set(key, { ...each, count: each.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
