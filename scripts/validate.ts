import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { redactData } from '../components/kernel/redact.ts';
import { countFeatures, renderFeatures } from '../components/manifest/features/features.ts';
import { inScope, judge } from '../components/manifest/gate.ts';
import { makeReport } from '../components/manifest/report.ts';
import { checkManifests } from '../components/manifest/run.ts';
import { renderVerdict } from '../components/manifest/verdict.ts';
import { outputFolder } from './wire/output-folder.ts';
import { printFindings } from './wire/print-findings.ts';
import { findScope } from './wire/scope.ts';
import { validateCodes } from './wire/validate-codes.ts';
import { validateInputs } from './wire/validate-inputs.ts';
import { sourceUrl } from './wire/validate-links.ts';
import { version } from './wire/version.ts';
import { writeReports } from './wire/write-reports.ts';

export const command = defineCommand({
  id: 'validate',
  summary: 'Check OSSA manifests: structure by version and kind, and rules',
  inputs: validateInputs,
  positional: 'manifests',
  examples: [
    'pipewright validate',
    'pipewright validate agents/reviewer/agent.ossa.yaml',
    "pipewright validate --strict 'agents/**/*.yaml'",
    'pipewright validate --fix --dry-run agents/reviewer/agent.ossa.yaml',
    'pipewright validate --baseline=ossa-baseline.json --update-baseline',
  ],
  exits: { 20: 'findings that count' },
  run: async (context, inputs) => {
    const started = context.clock.now();
    const ci = readCiContext(context.env);
    const { root, manifests: patterns, mode } = inputs;
    const selection = { root, patterns, mayBeEmpty: mode === 'observe' };
    // Lazily, as all that most runs do without.
    const fixing = () => import('./wire/validate-fix.ts');
    if (inputs.fix) await (await fixing()).mendManifests(context, selection, inputs['dry-run']);
    const checked = await checkManifests(context, selection);
    const files = redactData(context.redact, checked);
    const scope = await findScope(
      context,
      ci,
      files.map(({ path }) => path),
    );
    const usesBaseline = inputs.baseline !== '' || inputs['update-baseline'];
    const baseline = usesBaseline
      ? await (await import('./wire/validate-baseline.ts')).applyBaseline(context, ci, files, inputs)
      : undefined;
    const gate = judge(files, scope, inputs, baseline);
    const judged = files.filter((file) => inScope(scope, file.path));
    const verdict = renderVerdict(files, gate);
    const folder = outputFolder(inputs.out, command.id, {
      prefix: inputs['job-prefix'],
      index: ci.nodeIndex,
    });
    const source = sourceUrl(context);
    // It stands in the note of a merge request, and takes longer than the check.
    const mendable =
      scope.kind === 'changed' ? await (await fixing()).countMendable(context, judged) : undefined;
    await writeReports(context, ci, folder, makeReport(files, gate, version, baseline?.old), {
      ...{ title: `Pipewright ${command.id}`, files, judged, verdict, codes: validateCodes, version },
      started,
      uses: countFeatures(judged),
      ...(source === undefined ? {} : { source }),
      ...(baseline === undefined ? {} : { old: baseline.old }),
      ...(mendable === undefined ? {} : { mendable }),
    });
    if (inputs.features)
      context.print(renderFeatures(files.map(({ path, features }) => ({ path, features }))));
    await printFindings(context, judged, files, baseline?.old);
    context.print(`${verdict}\n`);
    context.log.info(`reports are in ${folder}`);
    return gate.passed ? exitCodes.ok : exitCodes.findings;
  },
});
