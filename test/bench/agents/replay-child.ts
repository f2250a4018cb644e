// Replays what was recorded: `node replay-child.ts <list>`, a list of folders and what each run came to. Says how many came to the same.
import { readFileSync } from 'node:fs';
import { agentPath } from '../../session/agents.ts';
import { pipewright } from '../../support/cli.ts';
import { comparable } from './replays.ts';

const [list = ''] = process.argv.slice(2);
const runs = JSON.parse(readFileSync(list, 'utf8')) as readonly (readonly [cwd: string, result: string])[];
let same = 0;
for (const [cwd, result] of runs) {
  const { exitCode } = await pipewright(['run', `--agent=${agentPath}`, '--cassette=turns.jsonl'], { cwd });
  if (exitCode === 0 && comparable(cwd) === result) same += 1;
}
process.stdout.write(`${same}\n`);
