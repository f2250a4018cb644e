import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { format } from '../../components/formats/sast.ts';
import type { FormatInput } from '../../components/formats/types.ts';
import type { Finding } from '../../components/kernel/finding.ts';

const error: Finding = {
  ...{ code: 'OSSA_ENUM', severity: 'error', file: 'agents/a.ossa.yaml', line: 3, column: 5, path: 'spec.x' },
  ...{ message: 'spec.x is "bad"', expected: 'one of: good' },
};
const hostile: Finding = {
  ...{ ...error, code: 'RULE_X', severity: 'warning', line: 9 },
  message: `</script> [x](https://evil.example)\n\n# @all ![i](x)\u202e\ud800 ${'é'.repeat(400)}`,
};
const info: Finding = { ...error, severity: 'info', path: 'spec.y' };
const times = { started: Date.parse('2026-11-29T10:00:00.123Z'), ended: Date.parse('2026-11-29T10:00:02Z') };

function render(findings: readonly Finding[], more: Partial<FormatInput> = {}) {
  const files = [{ path: 'agents/a.ossa.yaml', findings }];
  const given = { title: 'Pipewright validate', files, judged: files, verdict: '', links: [], times };
  return JSON.parse(format.render({ ...given, version: '1.2.3', ...more }));
}

test('a report says who looked, when, and what was found where', () => {
  const vendor = { name: 'Pipewright' };
  expect(render([error])).toEqual({
    version: '15.2.1',
    scan: {
      analyzer: { id: 'pipewright', name: 'Pipewright', version: '1.2.3', vendor },
      scanner: { id: 'pipewright-validate', name: 'Pipewright validate', version: '1.2.3', vendor },
      ...{ type: 'sast', status: 'success' },
      ...{ start_time: '2026-11-29T10:00:00', end_time: '2026-11-29T10:00:02' },
    },
    vulnerabilities: [
      {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        name: 'OSSA_ENUM: spec.x is "bad"',
        description: '    spec.x is "bad"\n    expected one of: good',
        severity: 'High',
        identifiers: [{ type: 'pipewright_rule', name: 'OSSA_ENUM', value: 'OSSA_ENUM' }],
        location: { file: 'agents/a.ossa.yaml', start_line: 3, end_line: 3 },
      },
    ],
  });
});

describe('a finding', () => {
  test('keeps its id wherever its line moves, and no two have one', () => {
    const idsOf = (findings: readonly Finding[]) =>
      render(findings).vulnerabilities.map(({ id }: { id: string }) => id);
    const ids = idsOf([error, error, hostile, info]);
    expect(new Set(ids).size).toBe(4);
    expect(idsOf([{ ...error, line: 77 }])).toEqual(ids.slice(0, 1));
  });

  test('has a severity by its own, and one that a baseline knows asks for nobody', () => {
    const severities = (old?: ReadonlySet<Finding>) =>
      render([error, hostile, info], old && { old }).vulnerabilities.map(
        ({ severity }: { severity: string }) => severity,
      );
    expect(severities()).toEqual(['High', 'Medium', 'Info']);
    expect(severities(new Set([error]))).toEqual(['Info', 'Medium', 'Info']);
  });

  test('of a stranger’s words is a block of code, and a name of one line', () => {
    const [{ name, description }] = render([hostile]).vulnerabilities;
    expect(Array.from(name)).toHaveLength(255);
    expect(name).not.toMatch(/[\n\u202e]/);
    expect(description.split('\n').every((line: string) => line.startsWith('    '))).toBe(true);
    expect(description.isWellFormed()).toBe(true);
  });
});

const schema = join(import.meta.dirname, '../../../shared/data/gitlab/sast-report.schema.json');

test.skipIf(!existsSync(schema))('the report has what GitLab asks for, as far as a schema is at hand', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(schema, 'utf8')),
  );
  for (const report of [render([]), render([error, hostile, info])]) {
    validate(report);
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...render([error]), vulnerabilities: [{}] })).toBe(false);
});
