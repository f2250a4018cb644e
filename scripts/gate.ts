import { renderDecision } from '../components/decide/words.ts';
import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { redactData } from '../components/kernel/redact.ts';
import { decisionInputs, exitOf, levelsInput } from './wire/decision.ts';
import { writeDecision } from './wire/decision-files.ts';
import { adviseOn } from './wire/gate-advice.ts';
import { readLocalBundles } from './wire/gate-bundles.ts';
import { preparePull } from './wire/gate-levels.ts';
import { readChangedLines } from './wire/gate-lines.ts';
import { openGatePlace } from './wire/gate-place.ts';
import { handOffInputs } from './wire/hand-off-inputs.ts';
import { jobInputs, modeInput } from './wire/job-inputs.ts';
import { outputFolder } from './wire/output-folder.ts';
import { printFindings } from './wire/print-findings.ts';
import { version } from './wire/version.ts';

export const command = defineCommand({
  id: 'gate',
  summary:
    'Say what policies would allow of changed agents and of what agents propose: advice, which can only stop',
  inputs: {
    ...decisionInputs,
    levels: levelsInput,
    mode: modeInput,
    ...handOffInputs,
    ...jobInputs,
  },
  examples: [
    'pipewright gate',
    'pipewright gate --trusted-project=acme/agents',
    'pipewright gate --mode=observe',
  ],
  exits: { 21: 'a policy would deny it', 22: 'nothing can be decided' },
  run: async (context, inputs) => {
    const { agents, policies, mode } = inputs;
    const [place, bundles] = await Promise.all([
      openGatePlace(context, [agents, policies]),
      readLocalBundles(context, inputs.out),
    ]);
    const decidedElsewhere = inputs['trusted-project'] !== '';
    const lines = await readChangedLines(context, bundles);
    const pull = await preparePull(context, inputs.levels);
    const asked = { ...place, bundles, lines, folder: policies, decidedElsewhere, pull, version };
    const { report, findings } = await adviseOn(context, asked);
    const instance = { prefix: inputs['job-prefix'], index: readCiContext(context.env).nodeIndex };
    const folder = outputFolder(inputs.out, command.id, instance);
    const shown = redactData(context.redact, report);
    await writeDecision(context, folder, shown);
    const checked = [{ path: policies, findings: redactData(context.redact, findings) }];
    await printFindings(context, checked, checked);
    context.print(renderDecision(shown));
    context.log.info(`the report is in ${folder}`);
    const isWorthDeciding = report.bundles.some(
      ({ proposals, resolves }) =>
        resolves === true || proposals.some(({ verdict }) => verdict === 'allowed' || verdict === 'open'),
    );
    const isWanted = inputs['hand-off'] === 'always' || isWorthDeciding;
    if (decidedElsewhere && isWanted && report.target !== null) {
      const [project, ref] = [inputs['trusted-project'], inputs['trusted-ref']];
      // Most jobs hand nothing off, and need no client.
      const { handOff } = await import('./wire/hand-off.ts');
      await handOff(context, { project, ref, token: inputs['trigger-token'] });
    }
    return exitOf(report.verdict, mode);
  },
});
