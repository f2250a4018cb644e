import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { redactData } from '../components/kernel/redact.ts';
import { judge, makeReport, renderVerdict } from '../components/lint-ci/report.ts';
import { lintFiles } from '../components/lint-ci/run.ts';
import { jobInputs, modeInput, strictInput } from './wire/job-inputs.ts';
import { lintCodes } from './wire/lint-codes.ts';
import { outputFolder } from './wire/output-folder.ts';
import { printFindings } from './wire/print-findings.ts';
import { sourceUrl } from './wire/validate-links.ts';
import { version } from './wire/version.ts';
import { writeReports } from './wire/write-reports.ts';

export const command = defineCommand({
  id: 'lint-ci',
  summary: 'Find misuse of agents in the configuration of a pipeline',
  inputs: {
    files: {
      type: 'list',
      description:
        'Configurations to check, relative to the top of the repository; local includes are followed',
      default: ['.gitlab-ci.yml'],
      spaced: true,
      security: true,
    },
    mode: modeInput,
    strict: strictInput,
    ...jobInputs,
  },
  positional: 'files',
  examples: [
    'pipewright lint-ci',
    'pipewright lint-ci --strict .gitlab-ci.yml ci/agents.yml',
    'pipewright lint-ci --mode=observe templates/review/template.yml',
  ],
  exits: { 20: 'findings that count' },
  run: async (context, inputs) => {
    const started = context.clock.now();
    const ci = readCiContext(context.env);
    const files = redactData(context.redact, await lintFiles(context, inputs.files));
    const gate = judge(files, inputs);
    const verdict = renderVerdict(gate);
    const instance = { prefix: inputs['job-prefix'], index: ci.nodeIndex };
    const folder = outputFolder(inputs.out, command.id, instance);
    const source = sourceUrl(context);
    await writeReports(context, ci, folder, makeReport(files, gate, version), {
      ...{ title: `Pipewright ${command.id}`, files, judged: files, verdict, codes: lintCodes, version },
      started,
      groups: [
        { name: 'configuration', prefixes: ['FILE', 'YAML'] },
        { name: 'agents', prefixes: ['LINT'] },
      ],
      ...(source === undefined ? {} : { source }),
    });
    await printFindings(context, files, files);
    context.print(`${verdict}\n`);
    context.log.info(`reports are in ${folder}`);
    return gate.passed ? exitCodes.ok : exitCodes.findings;
  },
});
