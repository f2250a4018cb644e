import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { workspace, writeFiles } from '../support/workspace.ts';
import { bash, rung, titled } from './real.ts';

/** What a script says of each line: its exit code. */
const codes = async (script: string, root = workspace()) => {
  const { stdout } = await bash(
    script
      .trim()
      .split('\n')
      .map(
        (line) =>
          `{ ${line.trim()}; } >/dev/null 2>&1; echo "$?: ${line.trim().replace(/[\\"$`]/g, '\\$&')}"`,
      )
      .join('\n'),
    { root },
  );
  return stdout.trim().split('\n');
};

describe.skipIf(rung === 'none')(titled('files'), () => {
  test('are those of /usr and the checkout, and a made /etc', async () => {
    const root = workspace({ 'a.txt': 'hello' });
    const { stdout } = await bash(
      'ls -A /; echo; ls /etc; echo; cat /etc/passwd a.txt; ls -A /tmp /root /home',
      {
        root,
      },
    );
    expect(stdout.split('\n\n')).toEqual([
      'bin\ncheckout\ndev\netc\nlib\nlib64\nproc\nsbin\ntmp\nusr',
      expect.stringMatching(/^(alternatives\n)?group\n(ld\.so\.cache\n)?passwd\nsandbox$/),
      'nobody:x:65534:65534:nobody:/tmp:/usr/sbin/nologin\nhello/tmp:\n',
    ]);
    expect((await bash('ls /usr /dev')).stdout).not.toMatch(/^(src|kvm|mem|[shv]da.*|kmsg|fuse)$/m);
  });

  test('are read-only, but in /tmp and /dev/shm', async () => {
    const root = workspace({ 'a.txt': 'hello' });
    const tried = await codes(
      `echo x >/tmp/x
       echo x >/dev/shm/x
       echo x >a.txt
       echo x >/checkout/new
       rm a.txt
       chmod 777 a.txt
       touch /x
       touch /etc/x /etc/sandbox/x
       touch /usr/bin/x
       touch /usr/local/x
       touch /dev/x
       mkdir /proc/x
       echo 1 >/proc/sys/kernel/ns_last_pid
       ln /usr/bin/true /tmp/true`,
      root,
    );
    const [scratch, shm, ...others] = tried;
    expect([scratch, shm]).toEqual(['0: echo x >/tmp/x', '0: echo x >/dev/shm/x']);
    expect(others.filter((line) => line.startsWith('0:'))).toEqual([]);
    expect((await bash('cat a.txt', { root })).stdout).toBe('hello');
  });

  test('of one run are not there in the next', async () => {
    const root = workspace();
    await bash('echo x >/tmp/x; echo x >/dev/shm/x', { root });
    expect((await bash('ls -A /tmp /dev/shm', { root })).stdout).toBe('/dev/shm:\n\n/tmp:\n');
  });

  test('nothing leads out of the checkout', async () => {
    const outside = workspace({ secret: 'secret' });
    const root = workspace({ 'a/b': '' });
    symlinkSync(join(outside, 'secret'), join(root, 'link'));
    symlinkSync(outside, join(root, 'folder'));
    const tried = await codes(
      `cat link
       ls folder/
       cat /checkout/../${outside}/secret
       cat /proc/1/root${outside}/secret
       cat /proc/self/cwd/../..${outside}/secret
       ls /proc/1/cwd${outside}`,
      root,
    );
    expect(tried).toHaveLength(6);
    expect(tried.filter((line) => line.startsWith('0:'))).toEqual([]);
  });

  test('`.git` is empty', async () => {
    const look = 'ls -A .git; cat .git 2>/dev/null; find /checkout /tmp /etc -name token; echo end';
    const folder = workspace({ '.git/config': 'token', '.git/token': 'token' });
    expect((await bash(look, { root: folder })).stdout).toBe('end\n');
    expect((await bash(look, { root: workspace({ '.git': 'token' }) })).stdout).toBe('.git\nend\n');
    const linked = workspace({ 'store/config': 'token', 'store/token': 'token' });
    symlinkSync('store', join(linked, '.git'));
    expect((await bash(look, { root: linked })).stdout).toBe('end\n');
    const tried = await codes('touch .git/x\nrmdir .git\nmv .git /tmp/git', folder);
    expect(tried.filter((line) => line.startsWith('0:'))).toEqual([]);
  });

  test('of a checkout in a folder of /usr are not seen there (where root may make one)', async (context) => {
    let folder = '';
    try {
      folder = mkdtempSync('/usr/local/share/pipewright-test-');
    } catch {
      context.skip('this user may not');
    }
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFiles(folder, { '.git/token': 'token', 'a.txt': 'hello' });
    const { stdout } = await bash('cat a.txt; find /checkout /usr/local -name token; ls -A "$1"', {
      root: folder,
      command: ['bash', '-c', 'cat a.txt; find /checkout /usr/local -name token; ls -A "$1"', 'bash', folder],
    });
    expect(stdout).toBe('hello');
  });
});

describe.skipIf(rung === 'none')(titled('what else there is of this machine'), () => {
  test('no network', async () => {
    const server = createServer((socket) => socket.end('reached'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(port).toBeGreaterThan(0);
    const tried = await codes(`exec 9<>/dev/tcp/127.0.0.1/${port}\nexec 9<>/dev/udp/127.0.0.1/53`);
    expect(tried).toEqual([expect.stringMatching(/^1: /), expect.stringMatching(/^1: /)]);
    expect((await bash('cat /proc/net/dev /proc/net/route')).stdout).not.toMatch(/eth|ens|wl/);
  });

  test('no process', async () => {
    const { stdout } = await bash(
      `echo $$ /proc/[0-9]*; kill -0 ${process.pid}; echo $?; kill -KILL -1; echo $?`,
    );
    expect(stdout).toMatch(/^2 \/proc\/1 \/proc\/2\n1\n/);
    process.env.SANDBOX_TEST_SECRET = 'secret';
    const { stdout: environments } = await bash('cat /proc/[0-9]*/environ');
    delete process.env.SANDBOX_TEST_SECRET;
    expect(environments).toContain('PATH=');
    expect(environments).not.toContain('SECRET');
  });

  test('no name, no user, no capability, no inherited file', async () => {
    const { stdout } = await bash(
      'uname -n; id; ls /proc/self/fd; grep -E "^(Cap|NoNew|Seccomp:)" /proc/self/status',
    );
    expect(stdout).toMatch(
      /^sandbox\nuid=65534\(nobody\) gid=65534\(nogroup\)( groups=65534\(nogroup\))?\n0\n1\n2\n3\n(Cap\w+:\t0{16}\n){5}NoNewPrivs:\t1\nSeccomp:\t2\n$/,
    );
  });

  test('no key, log or memory in /proc', async () => {
    const names = [
      'kcore',
      'keys',
      'key-users',
      'kmsg',
      'sched_debug',
      'timer_list',
      'slabinfo',
      'vmallocinfo',
    ];
    const { stdout } = await bash(
      `for name in ${names.join(' ')}; do head -c 1 /proc/$name 2>/dev/null; done`,
    );
    expect(stdout).toBe('');
  });
});
