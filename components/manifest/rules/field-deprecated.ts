import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { itemsAt, textAt } from '../read-data.ts';
import type { RuleIssue } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { Kind } from '../types.ts';

interface Row {
  readonly path: DataPath;
  readonly successor: string;
  /** Goes on after "is a field that". */
  readonly why: string;
  /** Walks the items of a list at `path` and looks at this field of each. */
  readonly field?: string;
  readonly kinds?: readonly Kind[];
  /** Whether the row is about a version, given as its minor and patch number (0.3.5 is 305). */
  readonly versions?: (version: number) => boolean;
}

const row = (path: DataPath, successor: string, why: string, scope: Partial<Row> = {}): Row => {
  return { path, successor, why, ...scope };
};

const other304 = { versions: (version: number) => version !== 304 };
const since301 = { versions: (version: number) => version >= 301 };
const since400 = { versions: (version: number) => version >= 400 };
// The schema of 0.5 says nothing about spec, so that nothing there is foreign to it.
const agentBefore500 = { kinds: ['Agent'] as const, versions: (version: number) => version < 500 };
const conditionOfTask = { field: 'message', kinds: ['Task'] as const };
const tokens = ['spec', 'token_efficiency'];
const identity = ['spec', 'identity'];
const assistants = ['openai_assistants', 'file_ids'];

/** Facts from OSSA's schemas, compared version by version (schemas/ossa/README.md). */
const rows: readonly Row[] = [
  row(['orchestration'], 'spec.team', 'only 0.3.4 has', other304),
  row(['hitl'], 'spec.safety.human_in_loop', 'only 0.3.4 has', other304),
  row(['a2a'], 'extensions.a2a', 'only 0.3.4 has', other304),
  row(['state_management'], 'spec.state', 'only 0.3.4 has', other304),
  ...['preconditions', 'postconditions'].map((name) =>
    row(['spec', name], 'error_message', 'no version has in a condition', conditionOfTask),
  ),
  ...['service_name', 'service_namespace', 'service_version', 'service_instance_id'].map((name) =>
    row([...identity, name], `spec.identity.observability.${name}`, 'only 0.3.0 has there', since301),
  ),
  row(['spec', 'capabilities'], 'spec.tools[].capabilities', 'agents have in 0.1 only', agentBefore500),
  row(['spec', 'model'], 'spec.llm', 'no schema has', agentBefore500),
  row(['spec', 'access_tier'], 'spec.access', 'no schema has'),
  row([...tokens, 'token_budget'], 'spec.token_efficiency.budget', 'only 0.3.6 has', since400),
  row([...tokens, 'context_management'], 'spec.token_efficiency.consolidation', 'only 0.3.6 has', since400),
  ...[['extensions'], ['spec', 'extensions']].map((root) =>
    row(
      [...root, ...assistants],
      `${root.join('.')}.openai_assistants.tool_resources`,
      'OSSA calls deprecated',
    ),
  ),
];

export const rule = defineRule({
  id: 'field-deprecated',
  severity: 'warning',
  about:
    'A field belongs to another version of OSSA, or is one that examples use and no version has. Most places take ' +
    'unknown fields, so the structure is valid and nothing reads it. The message names the successor.',
  check: ({ data, kind }) => {
    const version = versionOf(textAt(data, ['apiVersion']));
    const told = rows
      .filter(({ kinds, versions }) => (kinds ?? [kind]).includes(kind) && isIn(version, versions))
      .flatMap((row) => placesOf(data, row).map((path) => toIssue(path, row)));
    return [...told, ...bareCapabilities(data, version)];
  },
});

function isIn(version: number | undefined, versions: Row['versions']): boolean {
  return versions === undefined || (version !== undefined && versions(version));
}

/** 0.3.5 is 305; undefined for what is no version with numbers. `ossa/v0.3` is the last 0.3. */
function versionOf(apiVersion: string | undefined): number | undefined {
  const match = /^ossa\/v0\.(\d{1,2})(?:\.(\d{1,2}))?(?:-|$)/.exec(apiVersion ?? '');
  if (match === null) return undefined;
  return Number(match[1]) * 100 + Number(match[2] ?? (match[1] === '3' ? 6 : 0));
}

function placesOf(data: unknown, { path, field }: Row): readonly DataPath[] {
  if (field === undefined) {
    const value = valueAt(data, path);
    return value === undefined || value === null ? [] : [path];
  }
  return itemsAt(data, path).flatMap((item) =>
    Object.hasOwn(item.value, field) ? [[...item.path, field]] : [],
  );
}

function toIssue(path: DataPath, { successor, why }: Row): RuleIssue {
  const message = `${renderPath(path)} is a field that ${why}`;
  return { path, target: 'key', message, expected: successor, fix: `Move it to ${successor}.` };
}

/** A capability that is only a name: taken from 0.3.0 to 0.3.4, an error of structure since. One finding a tool. */
function bareCapabilities(data: unknown, version: number | undefined): readonly RuleIssue[] {
  if (version === undefined || version < 300 || version > 304) return [];
  return itemsAt(data, ['spec', 'tools']).flatMap(({ path, value }) => {
    const { capabilities } = value;
    if (!Array.isArray(capabilities) || !capabilities.some((item) => typeof item === 'string')) return [];
    const place = [...path, 'capabilities'];
    return [
      {
        path: place,
        target: 'key' as const,
        message: `${renderPath(place)} holds bare names, which 0.3.5 no longer takes`,
        expected: 'objects with name and type (tool, expert, infrastructure or agent)',
        fix: 'Write {name: …, type: tool} once the manifest is for 0.3.5.',
      },
    ];
  });
}
