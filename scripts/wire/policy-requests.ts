import { validate } from '#validators/decision';
import type { DecisionReport } from '../../components/decide/report.gen.ts';
import type { FactValues } from '../../components/expressions/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import { readTextFile } from '../../components/kernel/files.ts';
import { checkSchema } from '../../components/kernel/schema.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import type { RecordedRequest } from '../../components/policy/compare.ts';
import { errors } from '../../components/policy/errors.ts';
import { requestFrom } from '../../components/policy/request.ts';
import { checkFacts } from '../../components/policy/testing/parse.ts';

const maxBytes = 16 * 1024 * 1024;
const format = 'pipewright/decision/v1';

/** The requests of a file, and the levels that decided them where it is a report. */
export interface ReadRequests {
  readonly requests: readonly RecordedRequest[];
  /** Requests of which the report keeps no facts: those were refused before any policy was asked. */
  readonly without: number;
  readonly levels: readonly string[] | undefined;
}

/** Reads a report of `gate` or `apply`, or a mapping of facts. @throws POLICY_REQUEST_INVALID, FILE_… */
export async function readRequests(context: Context, file: string): Promise<ReadRequests> {
  const text = await readTextFile(context, file, { maxBytes });
  const value = parse(file, text);
  if (isMapping(value) && value.format === format) return requestsOfReport(file, value);
  if (!isMapping(value)) throw errors.REQUEST_INVALID({ file, reason: 'it is no mapping' });
  const requests = [recorded(file, file, value as FactValues, [])];
  return { requests, without: 0, levels: undefined };
}

function parse(file: string, text: string): unknown {
  if (file.endsWith('.json')) {
    try {
      return JSON.parse(text);
    } catch {
      throw errors.REQUEST_INVALID({ file, reason: 'it is not JSON' });
    }
  }
  const parsed = parseYaml(text, 'manifest');
  if (parsed.ok && parsed.documents.length === 1) return parsed.documents[0];
  const reason = parsed.ok ? 'it is not one document' : parsed.problems[0].message;
  throw errors.REQUEST_INVALID({ file, reason });
}

function requestsOfReport(file: string, value: object): ReadRequests {
  const [issue] = checkSchema(validate, value);
  if (issue !== undefined) throw errors.REQUEST_INVALID({ file, reason: issue.message });
  const { agents, bundles, policies } = value as DecisionReport;
  const rows = [
    ...agents.map((agent) => ({ name: agent.path, row: agent })),
    ...bundles.flatMap(({ source, proposals }) =>
      proposals.map((row) => ({ name: `${source}, ${row.kind} "${row.what}"`, row })),
    ),
  ];
  const requests = rows.flatMap(({ name, row }) =>
    row.facts === undefined ? [] : [recorded(file, name, row.facts, row.policies)],
  );
  const levels = policies.levels.map((level) => level.name);
  return { requests, without: rows.length - requests.length, levels };
}

function recorded(
  file: string,
  name: string,
  facts: FactValues,
  policies: RecordedRequest['policies'],
): RecordedRequest {
  const issues = checkFacts(facts, []).map(({ message }) => message);
  if (issues.length > 0) throw errors.REQUEST_INVALID({ file, reason: issues.join('; ') });
  const read = requestFrom(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)));
  if (!read.ok) throw errors.REQUEST_INVALID({ file, reason: read.reason });
  return { name, request: read.request, policies };
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
