import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { downloadPackage, uploadPackage } from '../gitlab/endpoints/generic-packages.ts';
import type { GitLab } from '../gitlab/types.ts';
import { digestBytes } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { hasFailed, hasMoved } from './outcome.ts';
import type { DecisionReport } from './report.gen.ts';
import type { Asked } from './target.ts';

/** Where the deciding project keeps what it has done: a generic package of its own, which its job token may write. */
export interface ReceiptPlace {
  readonly gitlab: GitLab;
  readonly project: number;
  /** Folder for what is downloaded. */
  readonly folder: string;
}

const packageName = 'pipewright-receipts';
const largest = 16 * 1024 * 1024;

/** Whether a pipeline's proposals have been dealt with for good, so that the sweep leaves alone what people did since. */
export async function isSettled(context: Context, place: ReceiptPlace, asked: Asked): Promise<boolean> {
  const file = `${place.folder}/receipt.json`;
  const found = await unlessMissing(
    downloadPackage(place.gitlab, context, fileOf(place, asked), { file, maxBytes: largest }),
  );
  return found !== undefined;
}

/** Keeps a decision after which nothing is left to do; a denial may be another one tomorrow, with an approval. */
export async function keepReceipt(
  context: Context,
  place: ReceiptPlace,
  asked: Asked,
  report: DecisionReport,
): Promise<void> {
  const isDone = report.verdict === 'allowed' || report.verdict === 'nothing';
  if (!isDone || hasFailed(report) || hasMoved(report)) return;
  const bytes = Buffer.from(`${JSON.stringify(report, null, 2)}\n`);
  const sha256 = digestBytes(bytes).slice('sha256:'.length);
  await uploadPackage(place.gitlab, context, fileOf(place, asked), { source: { bytes }, sha256 });
}

function fileOf({ project }: ReceiptPlace, { project: of, mergeRequest, pipeline }: Asked) {
  return { project, name: packageName, version: `${of}.${mergeRequest}`, fileName: `${pipeline}.json` };
}
