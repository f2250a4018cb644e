import type Handlebars from 'handlebars';
import runtime from 'handlebars/runtime.js';
import { template } from '#texts/setup/starter/agent';
import type { SetupFile } from '../types.ts';
import type { Starter } from './plan.ts';

// The types of the runtime are empty; it is the part of the package without the compiler.
const handlebars = runtime as unknown as Pick<typeof Handlebars, 'template'>;

/**
 * The manifest of a new agent, in OSSA 0.4: the newest version whose schema says what stands in `spec` (that of 0.5 leaves it
 * open, so no mistake in it would be found), and it has all that 0.3.5 brought.
 */
export function renderStarter(starter: Starter): SetupFile {
  const { name, role, description, tools, labels } = starter;
  const text = handlebars.template(template)({
    ...starter,
    name: scalar(name),
    role: role?.trim(),
    description: scalar(
      description?.trim() ?? 'Reads a merge request and names what its author should look at again.',
    ),
    model: scalar(starter.model),
    tools: tools.map(scalar),
    labels: labels.length === 0 ? undefined : labels.map(scalar).join(', '),
    permissions: starter.permissions.join(', '),
  });
  return { path: `agents/${name}/agent.ossa.yaml`, text };
}

/** Words that YAML 1.1 or 1.2 reads as something else than text. */
const notText = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A text as YAML, in quotes where it could be read as anything else. JSON's quotes are YAML's. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z][\w .()/-]*$/.test(text) && !text.endsWith(' ') && !notText.test(text);
  return isPlain ? text : JSON.stringify(text);
}
