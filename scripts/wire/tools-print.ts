import type { Context } from '../../components/kernel/context.ts';
import type { DeclaredServer } from '../../components/proposals/extension.gen.ts';
import { createSandbox } from '../../components/sandbox/create.ts';
import type { Subagent } from '../../components/session/types.ts';
import { httpTool, nameOf } from '../../components/tools/declared/known.ts';
import { digestTool } from '../../components/tools/mcp/list-tools.ts';
import type { OpenServer } from '../../components/tools/mcp/open-server.ts';
import type { Tool } from '../../components/tools/types.ts';
import { printFindings } from './print-findings.ts';
import { openCheckout } from './run-checkout.ts';
import { type EgressInputs, type EgressPlan, planEgress } from './run-egress.ts';
import { readRunnable } from './run-manifest.ts';
import { createOutside } from './run-outside.ts';
import { printLine } from './run-print.ts';
import { planServers, type ServerInputs, useOfServers } from './run-servers.ts';
import { missingTools, openMcpServer, openTools } from './run-tools.ts';

/** Characters of a description that are shown: enough to read what is pinned. */
const shownCharacters = 1_500;

export interface ToolsInputs extends EgressInputs, ServerInputs {
  readonly agent: string;
}

/** Prints what an agent of this checkout is given. Gives whether its manifest can be run, and all is as it was pinned. */
export async function printTools(context: Context, inputs: ToolsInputs): Promise<boolean> {
  const place = await openCheckout(context, inputs.agent);
  const sandbox = createSandbox(context);
  const missingOf = await missingTools(place, sandbox, inputs);
  const runnable = await readRunnable(place.manifest, missingOf);
  const file = { path: place.manifest.path, findings: runnable.findings };
  await printFindings(context, [file], [file]);
  if (!runnable.ok || runnable.manifest.kind !== 'Agent') return runnable.ok;
  const { manifest, declared } = runnable;
  const missing = missingOf(declared);
  const servers = planServers(inputs['allow-mcp'], declared);
  const outside = createOutside(context, [], async () => undefined, servers.servers);
  const parts = { sandbox, openServer: outside.openServer };
  try {
    const { tools, told, close } = await openTools(context, place, { manifest, declared, ...parts });
    await close();
    for (const tool of tools.filter(({ id }) => manifest.tools.includes(id)))
      printLine(context, inWords(tool));
    for (const subagent of manifest.subagents) printSubagent(context, manifest.provider, subagent);
    printAddresses(context, planEgress(inputs['allow-hosts'], declared));
    for (const line of [...told, ...useOfServers(servers, manifest, declared).told]) printLine(context, line);
    for (const [name, server] of Object.entries(declared.mcp ?? {})) {
      const why = server.url === undefined ? missing.sandbox : missing.servers?.[name];
      if (why !== undefined) {
        printLine(context, `${name} is not asked, since ${why}`);
        continue;
      }
      const opened = await openMcpServer(context, place, name, server, parts);
      await opened.close();
      printServer(context, name, server, opened);
    }
    return told.length === 0;
  } finally {
    await outside.close();
  }
}

function printSubagent(context: Context, provider: string, { name, kind, model, tools }: Subagent): void {
  const has = tools.length === 0 ? 'no tools' : tools.join(', ');
  printLine(context, `${name}: ${kind} that it may give tasks to, ${provider}/${model}, ${has}`);
}

function printAddresses(context: Context, { allow, refused }: EgressPlan): void {
  for (const address of allow) printLine(context, `${httpTool} reads below ${address}`);
  for (const address of refused)
    printLine(context, `${httpTool} does not read ${address}, which the input allow-hosts does not hold`);
}

function inWords({ id, source, permission, risk, replay, timeout, outputLimit }: Tool): string {
  const limits = `${timeout / 1_000} s, ${outputLimit} bytes`;
  return `${id}: reads ${source}, permission ${permission}, risk ${risk}, replay ${replay}, ${limits}`;
}

/** All that the server has, as it would be pinned: whoever pins it has read what it says. */
function printServer(
  context: Context,
  name: string,
  { tools }: DeclaredServer,
  { listed, refusals }: OpenServer,
): void {
  if (listed.length === 0) for (const why of refusals) printLine(context, `${name}: ${why}`);
  for (const tool of listed) {
    const now = digestTool(tool);
    const pin = tools[tool.name];
    const state = pin === undefined ? 'not pinned' : pin.digest === now ? 'as pinned' : 'NOT AS PINNED';
    printLine(
      context,
      `${nameOf(name, tool.name)} (${state}): ${tool.description.slice(0, shownCharacters)}`,
    );
    printLine(context, `  schema: ${JSON.stringify(tool.inputSchema).slice(0, shownCharacters)}`);
    printLine(context, `  to pin it:  ${tool.name}: { digest: "${now}" }`);
  }
}
