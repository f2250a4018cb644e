import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../../components/tools/mcp/http-answer.ts';
import { failureOfStatus } from '../../../components/tools/mcp/http-status.ts';

describe('a status', () => {
  test.each<[number, string, boolean, string | undefined]>([
    [200, 'tools/call', true, undefined],
    [202, 'tools/call', true, 'MCP_FAILED'],
    // Of a session that is no more; without one there is nothing at that address.
    [404, 'tools/call', true, 'MCP_GONE'],
    [404, 'tools/call', false, 'MCP_REFUSED'],
    [405, 'initialize', false, 'MCP_REFUSED'],
    [401, 'tools/call', true, 'MCP_REFUSED'],
    [408, 'tools/call', true, 'MCP_FAILED'],
    [503, 'tools/call', true, 'MCP_FAILED'],
  ])('%i to %s (in a session: %s) is %s', (status, method, had, code) => {
    const failure = failureOfStatus(status, { server: 's', method, had, unauthorized: 'show a key' });
    expect(failure?.code).toBe(code);
    if (status === 401) expect(failure?.message).toContain('show a key');
  });
});

describe('a stream of events', () => {
  const bytes = Buffer.from(
    ': hello\r\n\r\nid: 1\nretry: 200\ndata:\n\nevent: other\ndata: 1\n\ndata: {"a":\ndata: "ä😀"}\n\nid: 2\ndata: [2]\r\n\r\ndata: "rest"',
  );
  const read = async (pieces: readonly Uint8Array[], most = 10) => {
    const messages: unknown[] = [];
    const body = ReadableStream.from(pieces) as ReadableStream<Uint8Array>;
    const parts = { server: 's', method: 'm', take: (message: unknown) => void messages.push(message) };
    const end = await readEvents({ body }, { ...parts, isOver: () => messages.length >= most }, undefined);
    return { messages, end };
  };

  test('is put together whatever the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const at = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const pieces = at.slice(1).map((end, index) => new Uint8Array(bytes.subarray(at[index], end)));
        const { messages, end } = await read(pieces);
        expect(messages).toEqual([{ a: 'ä😀' }, [2]]);
        expect(end).toEqual({ isOver: false, id: '2', retry: 200 });
      }),
      { numRuns: 30 },
    );
  });

  test('is left when nothing more is waited for', async () => {
    const { messages, end } = await read([new Uint8Array(bytes)], 1);
    expect([messages, end.isOver]).toEqual([[{ a: 'ä😀' }], true]);
  });

  test('is gone on with by no number that could be no header, and after a time that is sane', async () => {
    const { end } = await read([Buffer.from('id: 1\nretry: 9999999\ndata:\n\nid: a b\ndata: 1\n\n')]);
    expect(end).toEqual({ isOver: false, id: undefined, retry: 15_000 });
  });
});
