import { defineCommand } from '../components/kernel/command.ts';
import { exitCodes } from '../components/kernel/failure.ts';
import { diagnose } from '../components/setup/doctor/doctor.ts';
import { diagnosisData, linesOf, renderDiagnosis } from '../components/setup/doctor/render.ts';
import { assertNone } from '../components/setup/inputs.ts';
import { isAllRight } from '../components/setup/words.ts';
import { examineHere } from './wire/doctor-sandbox.ts';
import { connect, connectionInputs, missingOf, projectOrNumber } from './wire/setup-connection.ts';

export const command = defineCommand({
  id: 'doctor',
  summary:
    'Ask GitLab what a project lacks for its gate to bind and its set-up to be safe, or this machine what it lacks to run scripts',
  inputs: {
    sandbox: {
      type: 'boolean',
      description: 'Look instead how far this machine shuts scripts in; asks no GitLab',
      default: false,
      security: true,
    },
    ...connectionInputs,
    project: {
      type: 'string',
      description: 'The project that includes the components, by full path or number',
      pattern: projectOrNumber,
      security: true,
    },
    'trusted-project': {
      type: 'string',
      description: 'The trusted project, by full path or number, to be looked at as well',
      pattern: projectOrNumber,
      security: true,
    },
    'setup-token': {
      type: 'string',
      description: 'Token of a maintainer (scope read_api) to ask with',
      secret: true,
      terminal: true,
    },
    json: { type: 'boolean', description: 'Answer as JSON', default: false, security: true },
  },
  examples: [
    'pipewright doctor --server=https://gitlab.example.com --project=acme/shop',
    'pipewright doctor --server=https://gitlab.example.com --project=acme/shop --trusted-project=acme/agents --account=pipewright',
    'pipewright doctor --sandbox',
  ],
  exits: { 20: 'something is wrong, or cannot be known with this token' },
  run: async (context, { json, sandbox, ...inputs }) => {
    if (sandbox) return examineHere(context, json);
    const { server, project, account, 'trusted-project': trusted, 'setup-token': token } = inputs;
    const forkAccount = inputs['fork-account'];
    assertNone(missingOf('doctor', { server, project, token }));
    const diagnosis = await diagnose(connect(context, { server, project, token }), {
      ...{ project: project ?? '', trusted, account, forkAccount, now: context.clock.now() },
    });
    const text = json ? JSON.stringify(diagnosisData(diagnosis), undefined, 2) : renderDiagnosis(diagnosis);
    context.print(json ? `${text}\n` : text);
    return isAllRight(linesOf(diagnosis)) ? exitCodes.ok : exitCodes.findings;
  },
});
