import { type Configuration, missingNumbers, parseConfiguration } from './configuration.ts';
import { configurationPath, type Facts, usualConfiguration } from './facts.ts';
import { ofKnown, ok, unknown, wrong } from './lines.ts';
import type { CheckLine } from './types.ts';

const check = usualConfiguration;
const expected = 'one on the default branch that includes the component apply and takes the three numbers';
const fix = 'Write it with `pipewright init trusted-project`, commit it to the default branch and push.';

/** The pipeline's own configuration. */
export function checkConfiguration({ project, configuration }: Facts): CheckLine {
  if (configurationPath(project) === undefined)
    return wrong(check, {
      expected,
      got: `the setting "CI/CD configuration file" leads elsewhere: ${project.ciConfigPath}`,
      fix: 'Settings > CI/CD > General pipelines: leave the field empty.',
    });
  return ofKnown(check, { configuration }, (known) =>
    known.configuration === undefined
      ? wrong(check, { expected, got: 'none', fix })
      : checkText(known.configuration),
  );
}

function checkText(text: string): CheckLine {
  const parsed = parseConfiguration(text);
  if (!parsed.ok) return wrong(check, { expected, got: `no valid YAML: ${parsed.problem}`, fix });
  const { applies, includesOthers } = parsed.configuration;
  if (applies.length === 0 && includesOthers)
    return unknown(
      check,
      'it includes files that are not looked into, and the component apply not by itself',
      'Include the component in the file itself, or look there.',
    );
  if (applies.length === 0) return wrong(check, { expected, got: 'none that includes it', fix });
  const missing = missingNumbers(parsed.configuration);
  if (missing.length > 0)
    return wrong(check, { expected, got: `one that does not pass on ${missing.join(', ')}`, fix });
  return ok(check, 'includes the component apply and takes the three numbers');
}

/** What the file says, for who needs more of it; undefined where it cannot be read. */
export function configurationOf({ configuration }: Facts): Configuration | undefined {
  if (!configuration.known || configuration.value === undefined) return undefined;
  const parsed = parseConfiguration(configuration.value);
  return parsed.ok ? parsed.configuration : undefined;
}
