// `npm run -s bench -- [name] [--json]`: runs test/bench/<name>.ts, all of them without a name.
import { readdir } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Bench, Figure } from '../../test/bench/figure.ts';

const args = process.argv.slice(2);
const json = args.includes('--json');
const wanted = args.filter((arg) => !arg.startsWith('--'));
// Folders hold the parts of a benchmark of their name.
const known = (await readdir('test/bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'figure');
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  process.exit(2);
}

let allHold = true;
for (const name of wanted.length > 0 ? wanted : known) {
  const { bench } = (await import(resolve('test/bench', `${name}.ts`))) as { bench: Bench };
  const figures = await bench();
  allHold &&= figures.every((figure) => figure.holds);
  if (json) for (const figure of figures) console.log(JSON.stringify(figure));
  else printTable(name, figures);
}
process.exitCode = allHold ? 0 : 1;

function printTable(name: string, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.id,
    `${format(figure.value)} ${figure.unit}`,
    figure.goal === null ? '' : `${figure.better === 'lower' ? '≤' : '≥'} ${format(figure.goal)}`,
    figure.goal === null ? '' : figure.holds ? 'holds' : 'MISSED',
    figure.against,
  ]);
  const head = ['figure', 'value', 'goal', '', 'against'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  console.log(`\n${name}`);
  for (const row of [head, ...rows])
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function format(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
