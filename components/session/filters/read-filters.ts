import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { shown } from '../../kernel/schema-terms.ts';
import { sessionFindings as codes } from '../findings.ts';
import type { FieldReader } from '../manifest-data.ts';
import { detectors } from './detectors.gen.ts';
import { type Action, actions, type Detector, type FilterRule } from './types.ts';

/** A place of a manifest that asks for filtering. */
interface Place {
  readonly path: DataPath;
  /** Fields that list what is looked for. */
  readonly lists: readonly string[];
  /** OSSA 0.2.9 is the only version that says what is done where nothing is said; later ones say nothing else. */
  readonly action: Action;
  /** Looked for where nothing is listed. */
  readonly usual: (detector: Detector) => boolean;
  /** Fields that mean nothing here, and why. */
  readonly left: Readonly<Record<string, string>>;
}

const isPersonal = ({ dataClass }: Detector) => dataClass === 'pii' || dataClass === 'payment';
const isSecret = ({ dataClass }: Detector) => dataClass === 'secret';
const patterns = 'our detectors have forms of their own';

const places: readonly Place[] = [
  {
    path: ['spec', 'safety', 'content_filtering'],
    ...{ lists: ['categories', 'blocklist'], action: 'block' },
    usual: (detector) => detector.dataClass !== undefined,
    left: { threshold: 'a detector is sure or it is not' },
  },
  {
    path: ['spec', 'safety', 'pii_detection'],
    ...{ lists: ['types', 'categories'], action: 'redact', usual: isPersonal, left: {} },
  },
  {
    path: ['spec', 'safety', 'guardrails', 'pii_detection'],
    ...{ lists: ['categories', 'types'], action: 'redact', usual: isPersonal, left: {} },
  },
  {
    path: ['spec', 'safety', 'guardrails', 'secrets_detection'],
    ...{ lists: ['types', 'categories'], action: 'redact', usual: isSecret, left: { patterns } },
  },
  {
    path: ['spec', 'safety', 'guardrails', 'prompt_injection'],
    ...{
      lists: [],
      action: 'warn',
      usual: ({ id }) => id === 'prompt-injection',
      left: { detection: patterns },
    },
  },
];

/**
 * Reads what a manifest wants filtered. Of two actions for one thing the stronger counts. What we have no detector for, such as
 * violence or names of people, is told and never pretended.
 */
export function readFilters(data: unknown, reader: FieldReader): readonly FilterRule[] {
  const wanted = new Map<string, Action>();
  for (const place of places)
    for (const { detector, action } of readPlace(data, reader, place)) {
      const before = wanted.get(detector);
      if (before === undefined || actions.indexOf(action) < actions.indexOf(before))
        wanted.set(detector, action);
    }
  return detectors.flatMap(({ id }) => {
    const action = wanted.get(id);
    return action === undefined ? [] : [{ detector: id, action }];
  });
}

function readPlace(data: unknown, reader: FieldReader, place: Place): readonly FilterRule[] {
  const { path } = place;
  const value = valueAt(data, path);
  // Structure has said whether it may be anything else than a mapping; 0.5 leaves that open.
  if (value === undefined || value === false || valueAt(value, ['enabled']) === false) return [];
  if (value !== true && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    const message = `${renderPath(path)} is ${shown(value)}`;
    reader.issues.push({ code: codes.FIELD, path, message, expected: 'a mapping, true or false' });
    return [];
  }
  const action = readAction(reader, [...path, 'action'], valueAt(value, ['action'])) ?? place.action;
  for (const [field, why] of Object.entries(place.left))
    if (valueAt(value, [field]) !== undefined) ignore(reader, [...path, field], `is left out: ${why}`);
  return readWanted(value, reader, place).map((detector) => {
    if (detector.onlyWarns === undefined || action === 'warn') return { detector: detector.id, action };
    ignore(
      reader,
      path,
      `asks to ${action} ${detector.id}, which is told too weakly for more than a warning`,
    );
    return { detector: detector.id, action: 'warn' };
  });
}

function readAction(reader: FieldReader, path: DataPath, value: unknown): Action | undefined {
  if (value === undefined) return undefined;
  const action = value === 'log' ? 'warn' : actions.find((each) => each === value);
  if (action !== undefined) return action;
  const message = `${renderPath(path)} is ${shown(value)}`;
  reader.issues.push({ code: codes.FIELD, path, message, expected: `one of: ${actions.join(', ')}` });
  return undefined;
}

function readWanted(value: unknown, reader: FieldReader, { path, lists, usual }: Place): readonly Detector[] {
  const listed = lists.filter((field) => valueAt(value, [field]) !== undefined);
  if (listed.length === 0) return detectors.filter(usual);
  return listed.flatMap((field) =>
    reader.list([...path, field]).flatMap((name, index) => {
      const found = detectors.filter((detector) => isCalled(detector, name));
      if (found.length === 0)
        ignore(
          reader,
          [...path, field, index],
          `is ${shown(name)}, which nothing here can tell: it is not filtered`,
        );
      return found;
    }),
  );
}

/** By its name, or by the class of what it finds. */
function isCalled({ id, names, dataClass }: Detector, name: unknown): boolean {
  if (typeof name !== 'string') return false;
  const plain = name.trim().toLowerCase().replace(/[- ]/g, '_');
  if (plain === 'pii' || plain === 'personal_data') return dataClass === 'pii' || dataClass === 'payment';
  return names.includes(plain) || id === name || plain === dataClass;
}

function ignore(reader: FieldReader, path: DataPath, what: string): void {
  reader.issues.push({ code: codes.IGNORED, path, message: `${renderPath(path)} ${what}` });
}
