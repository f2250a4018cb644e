import { validate } from '#validators/policy-test';
import { environments } from '../../expressions/registry.ts';
import type { Fact, FactValues } from '../../expressions/types.ts';
import { compareFindings, type Finding } from '../../kernel/finding.ts';
import type { DataPath } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import { kindInWords, shown } from '../../kernel/schema-terms.ts';
import { nearest } from '../../kernel/suggest.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import type { PlacedIssue } from '../check-document.ts';
import { evaluator } from '../evaluator.ts';
import { policyFindings as codes } from '../findings.ts';
import { type IssueOfDocument, placeIssues } from '../place-issues.ts';
import { requestFrom } from '../request.ts';
import type { DocumentPlace, PolicyFile } from '../types.ts';
import type { PolicyTestDocument } from './documents.gen.ts';
import type { ParsedTests, TestCase } from './types.ts';
import { factsOf } from './usual.ts';

/** Where tests of policies lie, beside them. */
export const testSuffix = '.test.yaml';

const facts = new Map(environments.policy.facts.map((fact) => [fact.name, fact]));

/** Reads the files of tests, with every mistake at its place. */
export async function parseTests(files: readonly PolicyFile[]): Promise<ParsedTests> {
  const cases: TestCase[] = [];
  const issues: IssueOfDocument[] = [];
  const unreadable: Finding[] = [];
  for (const file of files) {
    const parsed = parseYaml(file.text, 'manifest');
    if (!parsed.ok) {
      const { explainYaml } = await import('../../kernel/yaml-positions.ts');
      for (const { code, ...problem } of explainYaml(file.text, 'manifest', parsed.problems))
        unreadable.push({ ...problem, code: code.code, severity: code.severity, file: file.path, path: '' });
      continue;
    }
    for (const [document, value] of (parsed.documents.length > 0 ? parsed.documents : [null]).entries()) {
      const place = { file, document };
      const found = checkTest(value);
      issues.push(...found.map((issue) => ({ at: place, issue })));
      if (found.length === 0) cases.push(...casesOf(value as PolicyTestDocument, place));
    }
  }
  return { cases, findings: [...unreadable, ...placeIssues(issues)].sort(compareFindings) };
}

/** First the structure, then what a schema cannot say: facts by their names and types. */
function checkTest(value: unknown): readonly PlacedIssue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const got = value === null ? 'nothing' : kindInWords(value);
    return [
      {
        ...{ code: codes.STRUCTURE, path: [], message: `the document is ${got}, no test of policies` },
        ...{ expected: 'a mapping with apiVersion and kind', got },
      },
    ];
  }
  const structure = checkSchema(validate, value).map(({ keyword: _, ...issue }) => ({
    ...{ code: codes.STRUCTURE, ...issue },
  }));
  if (structure.length > 0) return structure;
  const { spec } = value as PolicyTestDocument;
  const given = checkFacts(spec.given, ['spec', 'given']);
  const ofCases = spec.cases.flatMap((one, index) => {
    const path = ['spec', 'cases', index, 'given'];
    return [...checkFacts(one.given, path), ...checkRequest(spec.given, one.given, path)];
  });
  return [...given, ...ofCases];
}

/** What is wrong with facts that somebody wrote: names that are none, and values of other types. */
export function checkFacts(given: FactValues = {}, path: DataPath): readonly PlacedIssue[] {
  return Object.entries(given).flatMap(([name, value]): PlacedIssue[] => {
    const place = { code: codes.TEST_FACT, path: [...path, name] };
    const fact = facts.get(name);
    if (fact === undefined) {
      const near = nearest(name, [...facts.keys()]);
      const suggestion = near === undefined ? {} : { suggestion: near };
      return [{ ...place, target: 'key', message: `there is no fact "${name}"`, ...suggestion }];
    }
    if (value === null || hasType(fact, value)) return [];
    const words = { message: `${name} is no ${fact.type}`, expected: fact.type, got: shown(value) };
    return [{ ...place, ...words }];
  });
}

/** The check of the evaluator itself: a condition that asks for nothing else has an answer, or the value has a wrong type. */
function hasType({ name, type }: Fact, value: FactValues[string]): boolean {
  const compiled = evaluator.compile(type === 'bool' ? name : `[${name}] == [${name}]`);
  if (!compiled.ok) throw new TypeError(`the fact ${name} cannot be asked for`);
  return typeof compiled.expression.evaluate(evaluator.check({ [name]: value })) === 'boolean';
}

function checkRequest(base: FactValues = {}, given: FactValues = {}, path: DataPath): readonly PlacedIssue[] {
  const read = requestFrom(factsOf(base, given));
  return read.ok ? [] : [{ code: codes.TEST_FACT, path, message: `this is no request: ${read.reason}` }];
}

function casesOf({ metadata, spec }: PolicyTestDocument, place: DocumentPlace): TestCase[] {
  return spec.cases.flatMap((wanted, index) => {
    const read = requestFrom(factsOf(spec.given ?? {}, wanted.given ?? {}));
    const name = `${metadata.name}: ${wanted.name}`;
    return read.ok ? [{ name, request: read.request, wanted, place, index }] : [];
  });
}
