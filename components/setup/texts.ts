import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template as pipelineTemplate } from '#texts/setup/pipeline';
import { template as policyTemplate } from '#texts/setup/policy';
import { template as readmeTemplate } from '#texts/setup/readme';
import { template as stepsTemplate } from '#texts/setup/steps';
import type { SetupFile, TrustedProject } from './types.ts';

// The types of the runtime are empty; it is the part of the package without the compiler.
const handlebars = runtime as unknown as Pick<typeof Handlebars, 'template'>;

/** The files of a trusted project. */
export function renderFiles(project: TrustedProject): readonly SetupFile[] {
  const render = (template: Parameters<typeof handlebars.template>[0]) =>
    handlebars.template(template)({ ...project, ...conditionsOf(project) });
  return [
    { path: '.gitlab-ci.yml', text: render(pipelineTemplate) },
    { path: 'README.md', text: render(readmeTemplate) },
    { path: 'policies/certified.policy.yaml', text: render(policyTemplate) },
  ];
}

/** What a template cannot ask by itself. */
function conditionsOf({ agent, commits }: TrustedProject) {
  return {
    ...{ isClicked: commits?.mode === 'click', isForked: commits?.mode === 'fork' },
    isAnswered: agent?.cassette !== undefined || agent?.playbook !== undefined,
  };
}

/** What is only known once the project is there; undefined is shown as a blank to fill in. */
export interface Place {
  /** Address of the instance. */
  readonly server: string | undefined;
  /** Full path or number. */
  readonly project: string | undefined;
}

/** What a person does after the files are written, with the commands. */
export function renderSteps(project: TrustedProject, { server, project: path }: Place): string {
  return handlebars.template(stepsTemplate)({
    ...{ ...project, ...conditionsOf(project) },
    server: server ?? 'https://gitlab.example.com',
    project: path ?? '<path of this project>',
    id: path === undefined ? '<number of this project>' : encodeURIComponent(path),
  });
}
