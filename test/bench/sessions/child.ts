// A job that is killed: `node child.ts <checkout> <session> <folder of notes> <iterations>`, with its key in KEY and the URL of its
// database in URL, which is empty for a folder.
import { testContext } from '../../support/cli.ts';
import { openStore, runShare, turnsOf } from './place.ts';

const [cwd = '', session = '', notes = '', iterations = ''] = process.argv.slice(2);
const context = testContext(cwd);
const store = openStore(context, cwd, process.env.KEY ?? '', process.env.URL ?? '');
process.stdout.write('ready\n');
const share = { context, turns: turnsOf(Number(iterations)) };
const { failure } = await runShare(share, store, session, notes, 1);
if (failure !== undefined) throw failure;
