import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Context } from '../../../../components/kernel/context.ts';
import { workspace } from '../../../support/workspace.ts';
import { type CheckoutRequest, checkOut } from './checkout.ts';
import { variablesFile } from './variables-file.ts';

/** One thing whose rules are asked for, with conditions in gitlab-ci-local's dialect. */
export interface Probe {
  readonly rules: readonly ProbeRule[];
}

export interface ProbeRule {
  readonly if?: string;
  readonly exists?: readonly string[];
  readonly changes?: readonly string[];
}

export interface ListRequest extends CheckoutRequest {
  readonly probes: readonly Probe[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Asks gitlab-ci-local which rule of each probe is the first that fits; undefined: none. One run of it answers for all. */
export async function firstFittingRules(
  context: Context,
  request: ListRequest,
): Promise<readonly (number | undefined)[]> {
  const temporary = workspace();
  const work = join(temporary, 'work');
  await checkOut(context, work, request);
  await context.fs.writeFile(join(temporary, 'pipeline.yml'), JSON.stringify(configOf(request.probes)));
  await context.fs.writeFile(join(temporary, 'variables.yml'), variablesFile(request.variables));
  const program = createRequire(import.meta.url).resolve('gitlab-ci-local');
  const env = { PATH: context.env.PATH ?? '', HOME: temporary, TMPDIR: temporary, LANG: 'C.UTF-8' };
  const result = await context.exec(process.execPath, [program, ...argumentsOf(request)], { cwd: work, env });
  const json = result.stdout.slice(Math.max(0, result.stdout.search(/^\[/m)));
  if (result.exitCode !== 0 || !json.startsWith('[')) throw new Error(result.stderr);
  return readIndexes(JSON.parse(json) as Listed[], request.probes.length);
}

/** The part of the listing that is read. */
interface Listed {
  readonly name: string;
  readonly when: string;
  readonly allow_failure: { readonly exit_codes: readonly number[] };
}

const probeName = (index: number) => `probe-${index}`;

/** The listing does not say which rule has decided, but carries what that rule allows to fail: its own number. */
function configOf(probes: readonly Probe[]): Readonly<Record<string, unknown>> {
  const jobs = probes.map(({ rules }, at) => [
    probeName(at),
    {
      script: ['true'],
      rules: rules.map((rule, index) => ({
        ...rule,
        when: 'on_success',
        allow_failure: { exit_codes: [index] },
      })),
    },
  ]);
  return Object.fromEntries(jobs);
}

function argumentsOf({ compared }: ListRequest): readonly string[] {
  const none = join('..', 'none');
  return [
    ...['--list-json', '--file', '../pipeline.yml', '--variables-file', '../variables.yml'],
    ...['--ignores-file', none, '--inputs-file', none, '--state-dir', join('..', 'state')],
    ...['--force-shell-executor', '--no-json-schema-validation'],
    ...(compared === undefined ? ['--evaluate-rule-changes=false'] : []),
  ];
}

function readIndexes(listed: readonly Listed[], count: number): readonly (number | undefined)[] {
  const byName = new Map(listed.map((job) => [job.name, job]));
  return Array.from({ length: count }, (_, at) => {
    const job = byName.get(probeName(at));
    return job === undefined || job.when === 'never' ? undefined : job.allow_failure.exit_codes[0];
  });
}
