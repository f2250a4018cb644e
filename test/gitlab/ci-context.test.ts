import { describe, expect, test } from 'vitest';
import { readCiContext, serverCertificates } from '../../components/gitlab/ci-context.ts';
import { parseTraceParent, readTraceContext } from '../../components/gitlab/trace-parent.ts';

describe('the context every command reads', () => {
  const nothing = { mergeRequest: undefined, jobUrl: undefined, nodeIndex: undefined };
  const job = {
    GITLAB_CI: 'true',
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_MERGE_REQUEST_IID: '7',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: 'a'.repeat(40),
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '--output=x',
    CI_JOB_URL: 'https://gitlab.example.com/-/jobs/1',
    CI_NODE_INDEX: '2',
  };

  test('takes what there is, and of commits only whole names', () => {
    expect(readCiContext(job)).toEqual({
      mergeRequest: { iid: '7', diffBaseSha: 'a'.repeat(40), headSha: undefined },
      jobUrl: 'https://gitlab.example.com/-/jobs/1',
      nodeIndex: 2,
    });
    expect(readCiContext({ GITLAB_CI: 'true', CI_NODE_INDEX: 'x', CI_JOB_URL: '' })).toEqual(nothing);
  });

  test('is empty outside of a job, whatever the variables say', () => {
    expect(readCiContext({ ...job, GITLAB_CI: '' })).toEqual(nothing);
  });

  test('names the file of authorities and its variable', () => {
    expect(serverCertificates({ CI_SERVER_TLS_CA_FILE: '/ca.pem' })).toEqual({
      variable: 'CI_SERVER_TLS_CA_FILE',
      file: '/ca.pem',
    });
  });
});

describe('the trace', () => {
  const [trace, span] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const header = `00-${trace}-${span}-01`;

  test.each([
    [header, header],
    [` ${header}\n`, header],
    [`01-${trace}-${span}-01-what-comes-later`, header],
    [`00-${trace}-${span}-01-more`, undefined],
    [`ff-${trace}-${span}-01`, undefined],
    [`00-${'0'.repeat(32)}-${span}-01`, undefined],
    [`00-${trace}-${'0'.repeat(16)}-01`, undefined],
    [header.toUpperCase(), undefined],
    ['00-abc', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of the header %j is %j', (text, expected) => expect(parseTraceParent(text)).toBe(expected));

  test('is what a program before us hands on, else what GitLab says, else by the pipeline', () => {
    const derived = { CI_PIPELINE_ID: '2722508965', CI_JOB_ID: '1' };
    const gitlab = { ...derived, CI_TRACEPARENT: header, CI_TRACESTATE: 'gitlab=pipeline:1;job:1' };
    const carried = { ...gitlab, TRACEPARENT: header.replace('b7', 'c7') };
    expect(readTraceContext(carried)).toEqual({
      traceParent: header.replace('b7', 'c7'),
      traceState: undefined,
      from: 'carrier',
    });
    expect(readTraceContext({ ...carried, TRACEPARENT: 'broken' })).toEqual({
      traceParent: header,
      traceState: 'gitlab=pipeline:1;job:1',
      from: 'gitlab',
    });
    expect(readTraceContext(derived)).toMatchObject({
      traceParent: expect.stringMatching(/^00-000000000000000000000000a24630a5-[0-9a-f]{16}-01$/),
      from: 'derived',
    });
    expect(readTraceContext({})).toBeUndefined();
  });

  test('is one for the jobs of a pipeline and of those it starts, each job with a span of its own', () => {
    const parent = readTraceContext({ CI_PIPELINE_ID: '5', CI_JOB_ID: '1' })?.traceParent ?? '';
    const child = readTraceContext({ CI_PIPELINE_ID: '6', CI_UPSTREAM_PIPELINE_ID: '5', CI_JOB_ID: '2' });
    expect(child?.traceParent.slice(0, 35)).toBe(parent.slice(0, 35));
    expect(child?.traceParent).not.toBe(parent);
  });
});
