import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('MCP', {
  BROKEN: {
    kind: 'outside',
    message: (f: { server: string; reason: string }) =>
      `the MCP server ${f.server} is of no use: ${f.reason}`,
    fix: 'Run it by hand: it must answer JSON-RPC. A program does so on its standard output, a message a line, and writes nothing else there.',
  },
  LATE: {
    kind: 'outside',
    message: (f: { server: string; method: string; seconds: number }) =>
      `the MCP server ${f.server} has not answered ${f.method} in ${f.seconds} s`,
    fix: 'Ask it for less, or find out by hand what it waits for: a program of the repository has no network and no variable of the job.',
  },
  REFUSED: {
    kind: 'outside',
    message: (f: { server: string; method: string; reason: string }) =>
      `the MCP server ${f.server} was not asked for ${f.method}: ${f.reason}`,
    fix: 'Check its address and its key, and ask it by hand; it must speak MCP over streamable HTTP.',
  },
  FAILED: {
    kind: 'outside',
    message: (f: { server: string; method: string; reason: string }) =>
      `nobody knows what the MCP server ${f.server} has done for ${f.method}: ${f.reason}`,
    fix: 'Look there whether it was done, and what its log says.',
  },
  GONE: {
    kind: 'outside',
    message: (f: { server: string }) => `the MCP server ${f.server} knows nothing of its session any more`,
    fix: 'Let it keep sessions for as long as one of an agent lasts.',
  },
});
