import { describe, expect, test } from 'vitest';
import { descriptors, planArguments, shownOfUsr } from '../../components/sandbox/layout.ts';

const root = {
  source: '/builds/group/shop',
  covers: [
    { path: '/checkout/.git', folder: true },
    { path: '/checkout/sub/.git', folder: false },
  ],
};
const planned = planArguments({ root, scratch: 1234, hidden: ['kcore', 'keys'] });

/** Sequences of arguments that begin with that flag, with so many values. */
const all = (flag: string, values: number) =>
  planned.flatMap((word, index) => (word === flag ? [planned.slice(index + 1, index + 1 + values)] : []));

describe('planArguments', () => {
  // docs/architecture.md, decision 10.
  test.each([
    [['--unshare-all']],
    [['--unshare-user']],
    [['--disable-userns']],
    [['--cap-drop', 'ALL']],
    [['--uid', '65534']],
    [['--gid', '65534']],
    [['--new-session']],
    [['--die-with-parent']],
    [['--clearenv']],
    [['--seccomp', String(descriptors.filter)]],
    [['--json-status-fd', String(descriptors.status)]],
  ])('always has %j', ([flag = '', ...values]) => {
    for (const given of [undefined, root])
      expect(planArguments({ root: given, scratch: 1, hidden: [] }).join(' ')).toContain(
        [flag, ...values].join(' '),
      );
    expect(all(flag, values.length)).toEqual([values]);
  });

  test('shares no namespace, and binds nothing that can be written', () => {
    for (const word of planned) {
      expect(word).not.toMatch(/^--(share-|bind|dev-bind|bind-data|not-a|cap-add|userns|unshare-.*-try)/);
    }
  });

  test('shows of this machine folders of /usr, what leads into them, and the checkout; nothing else', () => {
    const sources = [...all('--ro-bind', 1), ...all('--ro-bind-try', 1)].flat();
    expect(new Set(sources)).toEqual(
      new Set([
        ...shownOfUsr.map((name) => `/usr/${name}`),
        ...['/etc/alternatives', '/etc/ld.so.cache', '/dev/null', root.source],
      ]),
    );
    expect(shownOfUsr).not.toContain('src');
    expect(all('--ro-bind', 2)).toContainEqual([root.source, '/checkout']);
  });

  test('covers `.git` and files of /proc, after what they lie in is there', () => {
    expect(all('--ro-bind', 2)).toContainEqual(['/dev/null', '/checkout/sub/.git']);
    expect(all('--tmpfs', 1)).toContainEqual(['/checkout/.git']);
    expect(all('--remount-ro', 1)).toContainEqual(['/checkout/.git']);
    expect(all('--ro-bind', 2)).toContainEqual(['/dev/null', '/proc/kcore']);
    const at = (word: string) => planned.indexOf(word);
    expect(at('/checkout')).toBeLessThan(at('/checkout/.git'));
    expect(at('--proc')).toBeLessThan(at('/proc/kcore'));
  });

  test('gives every file system that can be written a size', () => {
    const writable = all('--tmpfs', 1)
      .flat()
      .filter((path) => !all('--remount-ro', 1).flat().includes(path));
    expect(writable.sort()).toEqual(['/dev/shm', '/tmp']);
    for (const [index, word] of planned.entries())
      if (word === '--tmpfs') expect(planned[index - 2]).toBe('--size');
    expect(all('--size', 3)).toContainEqual(['1234', '--tmpfs', '/tmp']);
    expect(all('--remount-ro', 1).flat()).toEqual(expect.arrayContaining(['/', '/proc', '/dev']));
    // What is made in the root after that would fail.
    expect(planned.slice(-4)).toEqual(['--remount-ro', '/', '--chdir', '/checkout']);
  });

  test('a socket at its place, where one is to be shown', () => {
    const shown = planArguments({ root, scratch: 1, hidden: [], socket: '/somewhere/egress.sock' });
    expect(shown.join(' ')).toContain(
      '--dir /run --ro-bind /somewhere/egress.sock /run/broker.sock --remount-ro /',
    );
    expect(planned.join(' ')).not.toContain('/run');
  });

  test('an empty folder to work in where there is no checkout', () => {
    const without = planArguments({ root: undefined, scratch: 1, hidden: [] });
    expect(without.join(' ')).toContain('--dir /checkout');
    expect(without).not.toContain(root.source);
  });
});

test('descriptors follow each other from 3 on, as the context opens them', () => {
  const numbers = Object.values(descriptors).sort((one, other) => one - other);
  expect(numbers).toEqual(numbers.map((_, index) => index + 3));
});
