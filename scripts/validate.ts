import { readCiContext } from '../components/gitlab/ci-context.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { inScope, judge } from '../components/manifest/gate.ts';
import { makeReport } from '../components/manifest/report.ts';
import { checkManifests } from '../components/manifest/run.ts';
import { renderVerdict } from '../components/manifest/verdict.ts';
import { printFindings } from './wire/print-findings.ts';
import { findScope } from './wire/scope.ts';
import { version } from './wire/version.ts';
import { outputFolder, writeReports } from './wire/write-reports.ts';

export const command = defineCommand({
  id: 'validate',
  summary: 'Check OSSA manifests: structure by version and kind, and rules',
  inputs: {
    root: {
      type: 'string',
      description: 'Directory the manifests are looked for in, relative to the repository',
      default: '.',
    },
    manifests: {
      type: 'list',
      description: 'Globs of the manifests, relative to root, separated by spaces',
      default: ['**/*.ossa.{yaml,yml,json}'],
    },
    mode: {
      type: 'string',
      description: 'What findings do to the pipeline: observe nothing, warn an orange job, enforce a red one',
      options: ['observe', 'warn', 'enforce'],
      default: 'enforce',
      // Including the component never weakens a pipeline; a command that is called fails closed.
      componentDefault: 'observe',
      security: true,
    },
    strict: {
      type: 'boolean',
      description: 'Let warnings count like errors',
      default: false,
      security: true,
    },
    'job-prefix': {
      type: 'string',
      description: "Begins the job's name and names its reports; give each include of a pipeline its own",
      pattern: /[a-z0-9][a-z0-9-]*/,
      default: 'pipewright',
    },
    out: {
      type: 'string',
      description: 'Directory the reports are written below',
      default: '.pipewright',
      terminal: true,
    },
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
    const files = await checkManifests(context, { root: inputs.root, patterns: inputs.manifests });
    const scope = await findScope(context, ci);
    const gate = judge(files, scope, inputs);
    const judged = files.filter((file) => inScope(scope, file.path));
    const verdict = renderVerdict(files, gate);
    const folder = outputFolder(inputs.out, command.id, inputs['job-prefix'], ci.nodeIndex);
    const texts = { title: `Pipewright ${command.id}`, files, judged, verdict };
    await writeReports(context, ci, folder, makeReport(files, gate, version), texts);
    await printFindings(context, judged, files);
    context.print(`${verdict}\n`);
    context.log.info(`reports are in ${folder}`);
    return gate.passed ? exitCodes.ok : exitCodes.findings;
  },
});
