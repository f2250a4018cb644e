import { describe, expect, test } from 'vitest';
import { judgeProbe, namespaces, type OwnNamespaces } from '../../components/sandbox/probe.ts';

const own = Object.fromEntries(namespaces.map((name) => [name, `${name}:[1]`])) as OwnNamespaces;
const limits = { processes: 64, memory: 1000 };

const zero = '0000000000000000';
const lines = [
  'Name:\tcat',
  'Uid:\t65534\t65534\t65534\t65534',
  'Gid:\t65534\t65534\t65534\t65534',
  ...['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((set) => `Cap${set}:\t${zero}`),
  'NoNewPrivs:\t1',
  'Seccomp:\t2',
  'Seccomp_filters:\t1',
  'Max data size             1000                 1000                 bytes     ',
  'Max processes             64                   64                   processes ',
  ...namespaces.map((name) => `ns-${name}: ${name}:[2]`),
  'interface: lo',
  'process: /proc/1',
  'process: /proc/2',
  ...['/bin', '/checkout', '/dev', '/etc', '/lib', '/lib64', '/proc', '/sbin', '/tmp', '/usr'].map(
    (path) => `entry: ${path}`,
  ),
];

/** What is said of the facts where lines that begin so read otherwise, or are not there. */
const judge = (begin: string, ...instead: string[]) => {
  expect(begin === '' || lines.some((line) => line.startsWith(begin)), begin).toBe(true);
  const kept = lines.filter((line) => begin === '' || !line.startsWith(begin));
  return judgeProbe([...kept, ...instead].join('\n'), own, limits);
};

describe('judgeProbe', () => {
  test('has nothing to say of a script that is shut in', () => expect(judge('')).toEqual([]));

  test.each([
    ['Uid:', 'Uid:\t0\t0\t0\t0', 'Uid is 0 0 0 0, expected 65534 65534 65534 65534'],
    ['Gid:', 'Gid:\t65534\t65534\t0\t65534', 'Gid is 65534 65534 0 65534, expected 65534 65534 65534 65534'],
    ['CapEff:', 'CapEff:\t0000000000000001', `CapEff is 0000000000000001, expected ${zero}`],
    ['CapBnd:', 'CapBnd:\t000001ffffffffff', `CapBnd is 000001ffffffffff, expected ${zero}`],
    ['NoNewPrivs:', 'NoNewPrivs:\t0', 'NoNewPrivs is 0, expected 1'],
    ['Seccomp:', 'Seccomp:\t0', 'Seccomp is 0, expected 2'],
    ['interface:', 'interface: eth0', 'interface is eth0, expected lo'],
    ['ns-net', 'ns-net: net:[1]', 'the net namespace is ours, expected its own'],
    ['ns-user', 'ns-user: ', 'the user namespace is ours, expected its own'],
    ['', 'writable: /etc', '/etc can be written, expected read-only'],
    ['Max processes', 'Max processes 65 64 processes', 'Max processes is 65 and 64, expected at most 64'],
    [
      'Max data size',
      'Max data size 1000 unlimited bytes',
      'Max data size is 1000 and unlimited, expected at most 1000',
    ],
    ['process:', '', 'it sees 0 processes, expected its own'],
  ])('%s: %s', (begin, instead, message) => expect(judge(begin, instead)).toEqual([message]));

  test('sees a second interface, a second value and an entry too many', () => {
    expect(judge('', 'interface: eth0')).toEqual(['interface is lo eth0, expected lo']);
    expect(judge('', 'Seccomp: 2')).toEqual(['Seccomp is 2 2, expected 2']);
    expect(judge('', 'entry: /root')).toEqual([expect.stringMatching(/^entry is .* \/root, expected /)]);
    expect(judge('', ...Array.from({ length: 8 }, (_, number) => `process: /proc/${number}`))).toEqual([
      'it sees 10 processes, expected its own',
    ]);
  });

  test.each(lines.filter((line) => !/^(Name|Seccomp_filters|process|entry):/.test(line)))(
    'a fact that is not told is wrong: %s',
    (line) => expect(judge(line)).toHaveLength(1),
  );

  test('says everything that is wrong', () => {
    expect(judgeProbe('', own, limits)).toHaveLength(11 + namespaces.length + 1 + 2);
  });
});
