import { parseXml, type XmlElement } from './xml.ts';

export interface TestCase {
  readonly name: string;
  readonly classname: string;
  readonly file: string | undefined;
  /** Seconds. */
  readonly time: number;
  readonly status: 'success' | 'failed' | 'error' | 'skipped';
  /** What a test that failed says of it. */
  readonly output: string | undefined;
}

/**
 * Reads a JUnit report as GitLab does; of cases of one class and name the first counts.
 * Source: docs.gitlab.com/ci/testing/unit_test_reports
 */
export function readJunit(text: string): readonly TestCase[] | { readonly mistake: string } {
  const root = parseXml(text);
  if ('mistake' in root) return root;
  const cases = new Map<string, TestCase>();
  for (const element of testcasesIn(root)) {
    const read = readCase(element);
    const key = JSON.stringify([read.classname, read.name]);
    if (!cases.has(key)) cases.set(key, read);
  }
  return [...cases.values()];
}

function testcasesIn(element: XmlElement): XmlElement[] {
  return element.name === 'testcase' ? [element] : element.children.flatMap(testcasesIn);
}

function readCase({ attributes, children }: XmlElement): TestCase {
  const find = (name: string) => children.find((child) => child.name === name);
  const [failure, error] = [find('failure'), find('error')];
  const seconds = Number(attributes.get('time') ?? 0);
  const bad = failure ?? error;
  return {
    name: attributes.get('name') ?? '',
    classname: attributes.get('classname') ?? '',
    file: attributes.get('file'),
    time: Number.isFinite(seconds) ? seconds : 0,
    status: failure ? 'failed' : error ? 'error' : find('skipped') ? 'skipped' : 'success',
    output: bad === undefined ? undefined : outputOf(bad, find('system-out'), find('system-err')),
  };
}

function outputOf(...elements: readonly (XmlElement | undefined)[]): string {
  return elements
    .flatMap((element) => [element?.attributes.get('message'), element?.text.trim()])
    .filter((text) => text !== undefined && text !== '')
    .join('\n');
}
