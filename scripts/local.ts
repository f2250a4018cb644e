import { renderFinding } from '../components/formats/text.ts';
import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { readInstallation } from '../components/twin/installation.ts';
import { runLocal } from '../components/twin/local/run.ts';
import { printStep } from '../components/twin/summary.ts';
import { events } from '../components/twin/types.ts';
import { nodeProgram } from './wire/node.ts';
import { version } from './wire/version.ts';

export const command = defineCommand({
  id: 'local',
  summary: 'Try pipelines on this machine, on a GitLab of your own that lives while it runs',
  inputs: {
    event: { type: 'string', description: 'What the pipeline is for; push', options: events },
    job: { type: 'string', description: 'Manual job to play (event manual)' },
    step: {
      type: 'list',
      description: 'What happens instead: open feature, play deploy, notes…',
      default: [],
    },
    serve: { type: 'boolean', description: 'Stay up, with API and git, until interrupted', default: false },
    port: { type: 'integer', description: 'Port; 0 takes a free one', default: 0, min: 0, max: 65535 },
    twin: { type: 'string', description: 'File with users, projects, steps; twin.yaml where there is one' },
    tier: { type: 'string', description: 'Tier; free', options: ['free', 'premium', 'ultimate'] },
    file: { type: 'string', description: 'Configuration of the pipeline', default: '.gitlab-ci.yml' },
    project: { type: 'list', description: 'Folder that serves a project: group/path=folder', default: [] },
    path: { type: 'string', description: "Path of the project itself; origin's, else local/<folder>" },
    server: { type: 'string', description: "Host that includes name the server by, besides origin's" },
    'source-branch': { type: 'string', description: 'Branch the pipeline is for; the one checked out' },
    'target-branch': { type: 'string', description: "Branch to merge into; the remote's HEAD, else main" },
    out: { type: 'string', description: 'Directory the results are written below', default: '.pipewright' },
    'ci-schema': { type: 'string', description: "File with GitLab's JSON Schema of CI configuration" },
    variable: { type: 'list', description: 'Variable of the project: NAME=value', default: [] },
    'dry-run': { type: 'boolean', description: 'Only render, check and print the YAML', default: false },
  },
  examples: [
    'pipewright local',
    'pipewright local --event=merge-request --target-branch=main',
    "pipewright local --step='open feature' --step='play deploy' --step=notes",
    'pipewright local --serve --project=acme/ci=../ci',
    'pipewright local --dry-run > flat.yml',
  ],
  exits: { 20: 'the configuration is wrong, or the last pipeline of a branch failed' },
  run: async (context, inputs) => {
    const {
      'dry-run': dryRun,
      'ci-schema': schema,
      twin: twinFile,
      project,
      variable,
      step,
      ...rest
    } = inputs;
    const { machine, ownProjects, schemaFile } = await readInstallation(
      context,
      import.meta.url,
      nodeProgram,
    );
    const request = {
      ...{ ...rest, dryRun, twinFile, projects: project, variables: variable, steps: step },
      ...{ ownProjects, ownVersion: version },
      ...{ sourceBranch: inputs['source-branch'], targetBranch: inputs['target-branch'] },
      schemaFile: schema ?? schemaFile,
    };
    const { findings, failed } = await runLocal(context, machine, request, {
      onStep: (result, { steps }) =>
        printStep(context, result, { dryRun, titled: steps.length > 1 || rest.serve, renderFinding }),
      onServe: (url, file) => context.print(`GitLab twin at ${url}; tokens of its users: ${file}\n`),
    });
    for (const finding of findings) context.print(renderFinding(finding));
    return failed ? exitCodes.findings : exitCodes.ok;
  },
});
