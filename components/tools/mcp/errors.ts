import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('MCP', {
  BROKEN: {
    kind: 'outside',
    message: (f: { server: string; reason: string }) =>
      `the MCP server ${f.server} is of no use: ${f.reason}`,
    fix: 'Run it by hand: it must answer JSON-RPC, a message a line, on its standard output and write nothing else there.',
  },
  LATE: {
    kind: 'outside',
    message: (f: { server: string; method: string; seconds: number }) =>
      `the MCP server ${f.server} has not answered ${f.method} in ${f.seconds} s`,
    fix: 'Ask it for less, or find out by hand what it waits for: it has no network and no variable of the job.',
  },
});
