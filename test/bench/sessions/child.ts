// A job that is killed: `node child.ts <checkout> <session> <folder of notes> <iterations>`, with its key in KEY.
import { join } from 'node:path';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { parseKey } from '../../../components/stores/log/keys.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { testContext } from '../../support/cli.ts';
import { runShare, turnsOf } from './place.ts';

const [cwd = '', session = '', notes = '', iterations = ''] = process.argv.slice(2);
const context = testContext(cwd);
const keys = { current: parseKey('KEY', process.env.KEY ?? ''), earlier: [] };
const store = createSessionStore(context, createDirectoryStore(context, join(cwd, 'sessions')), keys);
process.stdout.write('ready\n');
const share = { context, turns: turnsOf(Number(iterations)) };
const { failure } = await runShare(share, store, session, notes, 1);
if (failure !== undefined) throw failure;
