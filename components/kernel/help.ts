import type { AnyCommand, CommandTable } from './command.ts';
import { type InputDeclarations, variableOf } from './input-types.ts';
import { expectedOf } from './input-values.ts';

/** Text of `pipewright --help`. */
export function renderMainHelp(commands: CommandTable, version: string): string {
  const width = Math.max(...Object.keys(commands).map((id) => id.length));
  const rows = Object.entries(commands).map(([id, entry]) => `  ${id.padEnd(width)}  ${entry.summary}`);
  return [
    `pipewright ${version}: AI agents, checked and run in GitLab pipelines`,
    '',
    'Usage: pipewright <command> [inputs]',
    '',
    'Commands:',
    ...rows,
    '',
    'Run `pipewright <command> --help` for its inputs. Exit codes: 0 ok, 2 misuse, 3 outside world,',
    '20 findings, 21 denied, 22 no decision, 23 budget, 30 continue, 31 blocked, 32 escalate, 70 our bug.',
    '',
  ].join('\n');
}

/** Text of `pipewright <command> --help`, from the same declaration that reads the inputs. */
export function renderCommandHelp(command: AnyCommand, shared: InputDeclarations): string {
  const positional = command.positional === undefined ? '' : ` [${command.positional} ...]`;
  const lines = [
    `pipewright ${command.id}: ${command.summary}`,
    '',
    `Usage: pipewright ${command.id}${positional} [inputs]`,
    '',
    'Inputs:',
    ...renderInputs(command.inputs),
    ...renderInputs(shared),
  ];
  const exits = Object.entries(command.exits ?? {}).map(([code, meaning]) => `  ${code}  ${meaning}`);
  if (exits.length > 0) lines.push('', 'Exit codes besides 0, 2, 3 and 70:', ...exits);
  lines.push('', 'Examples:', ...command.examples.map((example) => `  ${example}`), '');
  return lines.join('\n');
}

function renderInputs(declarations: InputDeclarations): string[] {
  return Object.entries(declarations).flatMap(([name, declaration]) => {
    const value = declaration.type === 'boolean' ? `--[no-]${name}` : `--${name}=<${declaration.type}>`;
    const notes = [expectedOf(declaration)];
    if (declaration.required) notes.push('required');
    const fallback = declaration.default === undefined ? '' : String(declaration.default);
    if (fallback !== '') notes.push(`default ${fallback}`);
    notes.push(variableOf(name, declaration) ?? 'flag only');
    return [`  ${value}`, `      ${declaration.description} (${notes.join('; ')})`];
  });
}
