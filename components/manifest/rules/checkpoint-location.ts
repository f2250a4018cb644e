import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { nearest } from '../../kernel/suggest.ts';
import { textAt } from '../read-data.ts';
import type { RuleIssue } from '../rule.ts';
import { defineRule } from '../rule.ts';

const storage: DataPath = ['spec', 'checkpointing', 'storage'];
const location: DataPath = [...storage, 'location'];

/** What OSSA's texts put into a location; its schemas say nothing about them. */
const placeholders = ['agent_id', 'session_id'];
/** Longer ones are no location; only so much is looked at. */
const longest = 4096;

export const rule = defineRule({
  id: 'checkpoint-location',
  severity: 'error',
  about:
    'The location of checkpoints does not fit its backend, is missing for s3, or holds a placeholder other than ' +
    '`{agent_id}` and `{session_id}`: that would stay as it is, and all sessions would write to one place.',
  check: ({ data }) => {
    if (valueAt(data, ['spec', 'checkpointing', 'enabled']) === false) return [];
    const backend = textAt(data, [...storage, 'backend']);
    const text = textAt(data, location)?.slice(0, longest);
    if (text === undefined) {
      if (backend !== 's3' || valueAt(data, location) !== undefined) return [];
      const message = `${renderPath(location)} is missing, and backend s3 has no other place to write to`;
      return [{ path: storage, message, expected: 's3://<bucket>/<prefix>' }];
    }
    return [...wrongScheme(backend, text), ...wrongPlaceholders(text)];
  },
});

function wrongScheme(backend: string | undefined, text: string): readonly RuleIssue[] {
  // A location that begins with a variable may become anything.
  if (text.startsWith('$')) return [];
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,31}):/.exec(text)?.[1]?.toLowerCase();
  const isRight =
    backend === 's3'
      ? scheme === 's3' || scheme === 'https' || scheme === 'http'
      : backend !== 'local' || scheme === undefined || scheme === 'file';
  if (isRight) return [];
  const expected = backend === 's3' ? 's3://<bucket>/<prefix>' : 'file:///<folder>, or a path';
  const got = scheme === undefined ? 'a path' : `${scheme}:`;
  return [{ path: location, message: `backend ${backend} cannot write to "${text}"`, expected, got }];
}

function wrongPlaceholders(text: string): readonly RuleIssue[] {
  const names = new Set(
    [...text.matchAll(/(\$?)\{([^{}]{0,128})\}/g)].flatMap(([, dollar, name = '']) =>
      dollar === '$' || placeholders.includes(name) ? [] : [name],
    ),
  );
  return [...names].map((name) => {
    const near = nearest(name, placeholders);
    return {
      path: location,
      message: `${renderPath(location)} holds the placeholder {${name}}, which nothing fills in`,
      expected: `one of: ${placeholders.map((known) => `{${known}}`).join(', ')}`,
      got: `{${name}}`,
      ...(near === undefined ? {} : { suggestion: `{${near}}` }),
    };
  });
}
