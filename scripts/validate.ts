import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { redactData } from '../components/kernel/redact.ts';
import { inScope, judge } from '../components/manifest/gate.ts';
import { makeReport } from '../components/manifest/report.ts';
import { checkManifests } from '../components/manifest/run.ts';
import { renderVerdict } from '../components/manifest/verdict.ts';
import { jobInputs, modeInput } from './wire/job-inputs.ts';
import { outputFolder } from './wire/output-folder.ts';
import { printFindings } from './wire/print-findings.ts';
import { findScope } from './wire/scope.ts';
import { version } from './wire/version.ts';
import { writeReports } from './wire/write-reports.ts';

export const command = defineCommand({
  id: 'validate',
  summary: 'Check OSSA manifests: structure by version and kind, and rules',
  inputs: {
    root: {
      type: 'string',
      description: 'Directory the manifests are looked for in, relative to the repository',
      default: '.',
      security: true,
    },
    manifests: {
      type: 'list',
      description: 'Globs of the manifests, relative to root, separated by spaces',
      default: ['**/*.ossa.{yaml,yml,json}'],
      spaced: true,
      security: true,
    },
    mode: modeInput,
    strict: {
      type: 'boolean',
      description: 'Let warnings count like errors',
      default: false,
      security: true,
    },
    ...jobInputs,
  },
  positional: 'manifests',
  examples: [
    'pipewright validate',
    'pipewright validate agents/reviewer/agent.ossa.yaml',
    "pipewright validate --strict 'agents/**/*.yaml'",
  ],
  exits: { 20: 'findings that count' },
  run: async (context, inputs) => {
    const ci = readCiContext(context.env);
    const { root, manifests: patterns, mode } = inputs;
    const checked = await checkManifests(context, { root, patterns, mayBeEmpty: mode === 'observe' });
    const files = redactData(context.redact, checked);
    const scope = await findScope(
      context,
      ci,
      files.map(({ path }) => path),
    );
    const gate = judge(files, scope, inputs);
    const judged = files.filter((file) => inScope(scope, file.path));
    const verdict = renderVerdict(files, gate);
    const folder = outputFolder(inputs.out, command.id, {
      prefix: inputs['job-prefix'],
      index: ci.nodeIndex,
    });
    const texts = { title: `Pipewright ${command.id}`, files, judged, verdict };
    await writeReports(context, ci, folder, makeReport(files, gate, version), texts);
    await printFindings(context, judged, files);
    context.print(`${verdict}\n`);
    context.log.info(`reports are in ${folder}`);
    return gate.passed ? exitCodes.ok : exitCodes.findings;
  },
});
