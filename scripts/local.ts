import { renderFinding } from '../components/formats/text.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { readInstallation } from '../components/twin/installation.ts';
import { runLocal } from '../components/twin/run.ts';
import { renderPipeline } from '../components/twin/summary.ts';
import { events } from '../components/twin/types.ts';
import { nodeProgram } from './wire/node.ts';

export const command = defineCommand({
  id: 'local',
  summary: 'Try a GitLab pipeline on this machine: render, check and run it',
  inputs: {
    event: {
      type: 'string',
      description: 'What the pipeline is created for',
      options: events,
      default: 'push',
    },
    job: { type: 'string', description: 'Manual job to play, with what it waits for (event manual)' },
    file: { type: 'string', description: 'Configuration of the pipeline', default: '.gitlab-ci.yml' },
    project: {
      type: 'list',
      description: 'Folder that serves a project for includes: group/path=folder',
      default: [],
    },
    path: { type: 'string', description: "Path of the project itself; origin's, else local/<folder>" },
    server: { type: 'string', description: "Host of the GitLab server; origin's, else gitlab.local" },
    'source-branch': { type: 'string', description: 'Branch the pipeline is for; the one checked out' },
    'target-branch': { type: 'string', description: "Branch to merge into; the remote's HEAD, else main" },
    out: { type: 'string', description: 'Directory the results are written below', default: '.pipewright' },
    'ci-schema': { type: 'string', description: "File with GitLab's JSON Schema of CI configuration" },
    variable: { type: 'list', description: 'Variable of the pipeline: NAME=value', default: [] },
    'dry-run': {
      type: 'boolean',
      description: 'Render and check only; prints the flat YAML',
      default: false,
    },
  },
  examples: [
    'pipewright local',
    'pipewright local --event=merge-request --target-branch=main',
    'pipewright local --event=manual --job=deploy --project=acme/ci=../ci',
    'pipewright local --dry-run > flat.yml',
  ],
  exits: { 20: 'the configuration is wrong, or a job failed that may not' },
  run: async (context, inputs) => {
    const { event, job, file, path, server, out, 'dry-run': dryRun } = inputs;
    const installation = await readInstallation(context, import.meta.url, nodeProgram);
    const result = await runLocal(context, installation.machine, {
      ...{ event, job, file, path, server, out, dryRun },
      ...{ projects: inputs.project, ownProjects: installation.ownProjects, variables: inputs.variable },
      ...{ sourceBranch: inputs['source-branch'], targetBranch: inputs['target-branch'] },
      schemaFile: inputs['ci-schema'] ?? installation.schemaFile,
    });
    const { findings, notices, yaml, pipeline } = result;
    for (const notice of notices) context.log.info(notice);
    for (const finding of findings) {
      if (dryRun) context.log[finding.severity](renderFinding(finding).trimEnd());
      else context.print(renderFinding(finding));
    }
    if (dryRun && yaml !== undefined) context.print(yaml);
    if (pipeline !== undefined) context.print(renderPipeline(pipeline));
    const wrong = findings.some(({ severity }) => severity === 'error') || pipeline?.status === 'failed';
    return wrong ? exitCodes.findings : exitCodes.ok;
  },
});
