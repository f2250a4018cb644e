import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import type { DeclaredTools } from '../../components/proposals/extension.gen.ts';
import {
  type EgressRule,
  hostOf,
  parseAllowList,
  portOf,
} from '../../components/sandbox/broker/allow-list.ts';
import type { AgentManifest } from '../../components/session/types.ts';
import { httpTool, nameOf } from '../../components/tools/declared/known.ts';

export const egressInputs = {
  'allow-hosts': {
    type: 'list',
    description:
      'Hosts that agents may read from by HTTP GET, separated by white space, such as docs.example.com, *.example.com or api.example.com/v1/, as far as the manifest names them too; empty is none',
    default: [],
    spaced: true,
    security: true,
  },
} as const satisfies InputDeclarations;

export interface EgressInputs {
  readonly 'allow-hosts': readonly string[];
}

/** Where one session may read. */
export interface EgressPlan {
  /** Addresses that the operator and the manifest both name, for the tool. */
  readonly allow: readonly string[];
  /** The same for the broker, each with its port. */
  readonly entries: readonly string[];
  /** Addresses that only the manifest names. */
  readonly refused: readonly string[];
}

/** The operator says where a session may read; a manifest only narrows that. @throws BROKER_SETTINGS */
export function planEgress(hosts: readonly string[], { http }: DeclaredTools): EgressPlan {
  const rules = parseAllowList(hosts);
  const met = (http?.allow ?? []).map((text) => {
    const url = URL.parse(text);
    const both = url === null ? [] : rules.flatMap((rule) => meetingOf(rule, url));
    return { text, both };
  });
  const both = met.flatMap((each) => each.both);
  return {
    allow: [...new Set(both.map(({ address }) => new URL(address).href))],
    entries: [...new Set(both.map(({ address, prefix }) => `${prefix}${address}`))],
    refused: met.filter((each) => each.both.length === 0).map(({ text }) => text),
  };
}

/** What a rule and an address both allow: the host of the address, and the longer of two paths that begin alike. */
function meetingOf(rule: EgressRule, url: URL): { address: string; prefix: string }[] {
  const host = hostOf(url);
  const isHost = rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host;
  if (!isHost || rule.scheme !== url.protocol || rule.port !== portOf(url)) return [];
  const path = `${url.pathname.replace(/\/+$/, '')}/`;
  const longer = [path, rule.path].find((one) => one.startsWith(path) && one.startsWith(rule.path));
  if (longer === undefined) return [];
  return [
    { address: `${rule.scheme}//${host}:${rule.port}${longer}`, prefix: rule.private ? 'private:' : '' },
  ];
}

/** Why `http-get` is not offered, in words that follow "since"; undefined where it is. */
export function whyNoEgress(hosts: readonly string[], declared: DeclaredTools): string | undefined {
  if (hosts.length === 0) return 'the input allow-hosts of the job lets agents read from nowhere';
  if (planEgress(hosts, declared).allow.length > 0) return undefined;
  return 'the input allow-hosts of the job holds none of the addresses that the manifest names';
}

/** What of an agent's tools a plan lets out. */
export interface EgressUse {
  /** Whether a program in the sandbox does, which needs a socket. */
  readonly needsSocket: boolean;
  /** What is to be said of what it does not let out. */
  readonly told: readonly string[];
}

export function useOfEgress(
  { entries, refused }: EgressPlan,
  { tools }: Pick<AgentManifest, 'tools'>,
  { functions = {}, mcp = {} }: DeclaredTools,
): EgressUse {
  const scripts = Object.entries(functions).filter(
    ([id, { egress }]) => egress === true && tools.includes(id),
  );
  const servers = Object.entries(mcp).filter(
    ([server, { egress, tools: pinned }]) =>
      egress === true && Object.keys(pinned).some((tool) => tools.includes(nameOf(server, tool))),
  );
  const programs = [...scripts, ...servers].map(([name]) => name);
  const isOpen = entries.length > 0;
  const isAsked = tools.includes(httpTool) || programs.length > 0;
  return {
    needsSocket: isOpen && programs.length > 0,
    told: [
      ...(isOpen && isAsked ? refused : []).map(
        (address) => `not read from: ${address}, which the input allow-hosts does not hold`,
      ),
      ...(isOpen ? [] : programs).map(
        (name) =>
          `no way out: ${name} has none, since the input allow-hosts and the manifest have no address in common`,
      ),
    ],
  };
}
