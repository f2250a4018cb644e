import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import { editYaml } from '../../kernel/yaml-edit/apply.ts';
import type { YamlEdit } from '../../kernel/yaml-edit/edit.ts';
import { type Examined, examineText } from '../examine.ts';
import { structureFindings } from '../findings.ts';
import { fixers } from '../fix/fixers.gen.ts';
import { legacyShape } from '../legacy.ts';
import { isData } from '../read-data.ts';
import { bareCapabilities } from './capabilities.ts';
import type { Change } from './change.ts';
import { fromLegacy } from './from-legacy.ts';
import { ladder, rungOf } from './ladder.ts';
import { lostBetween, movesTo } from './newer.ts';

export interface Migrated {
  readonly text: string;
  readonly changes: readonly Change[];
  /** Whether the text satisfies the version it declares now. */
  readonly valid: boolean;
}

/**
 * Brings the documents of a manifest to another OSSA version and tells everything it did. What is written otherwise is rewritten
 * where it stands, comments and order stay; what the new version has no meaning for is dropped; what was a mistake before
 * stays one. Undefined for a text that cannot be read, and for one without a version.
 *
 * @param to - a version of the ladder, or a release of one: `ossa/v0.4.6`
 */
export async function migrateText(text: string, to: string): Promise<Migrated | undefined> {
  const legacy = rewriteLegacy(text);
  const start = legacy?.text ?? text;
  const before = await examineText(start, []);
  if (!before.readable) return undefined;
  const changes: Change[] = [...(legacy?.changes ?? [])];
  let current = start;
  for (const [index, document] of before.documents.entries()) {
    const done = migrateDocument(current, index, document, to);
    if (done === undefined) return undefined;
    current = done.text;
    changes.push(...done.changes);
  }
  const settled = await settle(current, before);
  return { text: settled.text, changes: [...changes, ...settled.changes], valid: settled.valid };
}

function rewriteLegacy(text: string) {
  const parsed = parseYaml(text, 'manifest');
  const [document, ...more] = parsed.ok ? parsed.documents : [];
  const shape = isData(document) && more.length === 0 ? legacyShape(document) : undefined;
  return isData(document) && shape !== undefined ? fromLegacy(document, shape) : undefined;
}

/** What is known before any schema is asked: features, places and spellings of the versions. */
function migrateDocument(text: string, index: number, document: unknown, to: string) {
  const declared = isData(document) ? document.apiVersion : undefined;
  const [from, target] = [typeof declared === 'string' ? rungOf(declared) : undefined, rungOf(to)];
  if (from === undefined || target === undefined || typeof declared !== 'string') return undefined;
  const work = new Work(text, index);
  for (const { path, since } of lostBetween(document, from, target)) {
    const value = JSON.stringify(valueAt(document, path));
    work.make({ do: 'remove', path }, 'dropped', path, `there since ${since}; it was ${cut(value)}`);
  }
  for (const { from: place, to: moved } of movesTo(document, target)) {
    work.make({ do: 'move', path: place, to: moved }, 'moved', moved, `from ${renderPath(place)}`);
  }
  if (target < ladder.indexOf('ossa/v0.3.5')) {
    for (const edit of bareCapabilities(document, text))
      work.make(edit, 'moved', edit.path, 'a bare name before 0.3.5');
  }
  if (declared !== to)
    work.make(
      { do: 'set', path: ['apiVersion'], value: to },
      'version',
      ['apiVersion'],
      `${declared} → ${to}`,
    );
  return work;
}

class Work {
  readonly changes: Change[] = [];
  readonly #index: number;
  text: string;

  constructor(text: string, index: number) {
    this.text = text;
    this.#index = index;
  }

  make(edit: YamlEdit, kind: Change['kind'], path: DataPath, says: string): void {
    const edited = editYaml(this.text, this.#index, edit);
    // An anchor, an alias or a layout that cannot be taken apart: people can.
    if (edited === undefined)
      this.changes.push({ kind: 'left', path: renderPath(path), says: `by hand: ${says}` });
    else {
      this.text = edited;
      this.changes.push({ kind, path: renderPath(path), says });
    }
  }
}

const mostSteps = 1_000;

/** What the new version's schema says besides: mended where there is one answer, dropped where it is a field that was right before. */
async function settle(text: string, before: Examined): Promise<Migrated> {
  const known = new Set(
    before.readable
      ? before.issues.map(({ document, issue }) => `${document} ${renderPath(issue.path)}`)
      : [],
  );
  const changes: Change[] = [];
  let current = text;
  let examined = await examineText(current, []);
  for (let count = 0; count < mostSteps && examined.readable; count += 1) {
    const step = nextStep(current, examined, known);
    if (step === undefined) break;
    current = step.text;
    changes.push(step.change);
    examined = await examineText(current, []);
  }
  const left = examined.readable
    ? examined.issues.filter(({ document, issue }) => !known.has(`${document} ${renderPath(issue.path)}`))
    : [];
  changes.push(
    ...left.map(
      ({ issue }): Change => ({
        kind: 'left',
        path: renderPath(issue.path),
        says: `${issue.code.code}: ${issue.message}`,
      }),
    ),
  );
  return { text: current, changes, valid: examined.readable && examined.structure === 'valid' };
}

function nextStep(text: string, examined: Extract<Examined, { readable: true }>, known: ReadonlySet<string>) {
  for (const { document, issue } of examined.issues) {
    const data = examined.documents[document];
    const path = renderPath(issue.path);
    if (!isData(data) || known.has(`${document} ${path}`)) continue;
    for (const fixer of fixers) {
      const mend = fixer.id === 'version-older' ? undefined : fixer.plan(issue, data);
      const edited = mend?.edits.reduce<string | undefined>(
        (done, edit) => (done === undefined ? undefined : editYaml(done, document, edit)),
        text,
      );
      if (mend !== undefined && edited !== undefined) {
        return { text: edited, change: { kind: 'assumed', path, says: mend.says } as const };
      }
    }
    if (issue.code !== structureFindings.UNKNOWN_FIELD) continue;
    const edited = editYaml(text, document, { do: 'remove', path: issue.path });
    const value = JSON.stringify(valueAt(data, issue.path));
    if (edited !== undefined) {
      return {
        text: edited,
        change: {
          kind: 'dropped',
          path,
          says: `this version has no such field; it was ${cut(value)}`,
        } as const,
      };
    }
  }
  return undefined;
}

function cut(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
