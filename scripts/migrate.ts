import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { migrateFiles } from '../components/manifest/migrate/run.ts';
import { findManifests } from '../components/manifest/run.ts';
import { printMigrated } from './wire/migrate-print.ts';

export const command = defineCommand({
  id: 'migrate',
  summary: 'Bring OSSA manifests to another version, and tell what was dropped, added and assumed',
  inputs: {
    to: {
      type: 'string',
      description: 'The version: ossa/v0.2.9 to ossa/v0.5, or a release of one such as ossa/v0.4.6',
      required: true,
      security: true,
    },
    manifests: {
      type: 'list',
      description: 'Paths and globs of the manifests, relative to root',
      default: ['**/*.ossa.{yaml,yml,json}'],
      security: true,
    },
    root: {
      type: 'string',
      description: 'Directory the manifests are looked for in',
      default: '.',
      security: true,
    },
    'dry-run': {
      type: 'boolean',
      description: 'Show what would change, and write nothing',
      default: false,
      security: true,
    },
    json: { type: 'boolean', description: 'Print the report as JSON, without the diff', default: false },
  },
  positional: 'manifests',
  examples: [
    'pipewright migrate --to ossa/v0.3.5 agents/reviewer/agent.ossa.yaml',
    'pipewright migrate --to ossa/v0.4 --dry-run',
    'pipewright migrate --to ossa/v0.3.4 agents/reviewer/agent.ossa.yaml',
  ],
  exits: {
    20: 'something is left to people: what no version has an answer for, or a file that could not be written',
  },
  run: async (context, { to, manifests, root, 'dry-run': dryRun, json }) => {
    const { files } = await findManifests(context, { root, patterns: manifests, mayBeEmpty: false });
    const migrated = await migrateFiles(context, files, to, dryRun);
    await printMigrated(context, migrated, { dryRun, json });
    const isWhole = migrated.every(({ valid, failure }) => valid && failure === undefined);
    return isWhole ? exitCodes.ok : exitCodes.findings;
  },
});
