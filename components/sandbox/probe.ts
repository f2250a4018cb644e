/**
 * What a script finds inside, told by the system's own tools, a fact per line. The whole of `/proc/self/status` and
 * `/proc/self/limits` is among it.
 */
export const probeScript = `
cat /proc/self/status /proc/self/limits
for name in user mnt pid net ipc uts; do echo "ns-$name: $(readlink /proc/self/ns/$name)"; done
while read -r name rest; do case $name in *:) echo "interface: \${name%:}";; esac; done </proc/net/dev
for folder in / /etc /usr /usr/bin /checkout /proc /dev; do [ -w $folder ] && echo "writable: $folder"; done
for number in /proc/[0-9]*; do echo "process: $number"; done
for entry in /*; do echo "entry: $entry"; done`;

const entries = '/bin /checkout /dev /etc /lib /lib64 /proc /sbin /tmp /usr';

/** Facts that must read exactly so. Of `/proc/self/status`: proc_pid_status(5). */
const expected: Readonly<Record<string, string>> = {
  Uid: '65534 65534 65534 65534',
  Gid: '65534 65534 65534 65534',
  CapInh: '0000000000000000',
  CapPrm: '0000000000000000',
  CapEff: '0000000000000000',
  CapBnd: '0000000000000000',
  CapAmb: '0000000000000000',
  NoNewPrivs: '1',
  // A filter.
  Seccomp: '2',
  interface: 'lo',
  entry: entries,
};

export const namespaces = ['user', 'mnt', 'pid', 'net', 'ipc', 'uts'] as const;

/** Names that the kernel gives our own namespaces, as `/proc/self/ns/<name>` reads. */
export type OwnNamespaces = Readonly<Record<(typeof namespaces)[number], string>>;

/** Limits as the lines of `/proc/self/limits` say them: at most so much, for soft and hard. */
export interface ProbeLimits {
  readonly processes: number;
  readonly memory: number;
}

/** Everything that is not as it must be inside, in words; empty where a script is shut in. */
export function judgeProbe(text: string, own: OwnNamespaces, limits: ProbeLimits): string[] {
  const facts = parseFacts(text);
  const said = (name: string) => facts.get(name)?.join(' ');
  const wrong = Object.entries(expected)
    .filter(([name, value]) => said(name) !== value)
    .map(([name, value]) => `${name} is ${said(name) ?? 'not told'}, expected ${value}`);
  const shared = namespaces.filter((name) => {
    const inside = said(`ns-${name}`);
    return inside === undefined || inside === '' || inside === own[name];
  });
  const processes = facts.get('process') ?? [];
  return [
    ...wrong,
    ...shared.map((name) => `the ${name} namespace is ours, expected its own`),
    ...(facts.get('writable') ?? []).map((folder) => `${folder} can be written, expected read-only`),
    // Those of the probe are numbered from 1.
    ...(processes.length > 0 && processes.length < 10
      ? []
      : [`it sees ${processes.length} processes, expected its own`]),
    ...overLimit(text, 'Max processes', limits.processes),
    ...overLimit(text, 'Max data size', limits.memory),
  ];
}

function overLimit(text: string, name: string, most: number): string[] {
  const [, soft, hard] = new RegExp(`^${name} +(\\S+) +(\\S+)`, 'm').exec(text) ?? [];
  const within = [soft, hard].every((value) => value !== undefined && Number(value) <= most);
  return within ? [] : [`${name} is ${soft} and ${hard}, expected at most ${most}`];
}

/** Lines of the form `name: value`, white space made one blank; several of one name are several values. */
function parseFacts(text: string): Map<string, string[]> {
  const facts = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const value = line
      .slice(colon + 1)
      .trim()
      .replace(/\s+/g, ' ');
    facts.set(line.slice(0, colon), [...(facts.get(line.slice(0, colon)) ?? []), value]);
  }
  return facts;
}
