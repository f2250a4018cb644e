import { type Scope, unresolved } from './block.ts';
import { type FileDocument, readDocuments } from './documents.ts';
import { renderFindings } from './findings.ts';
import { parseHeader } from './header.ts';
import { type InputMistake, resolveInputs } from './inputs.ts';
import { interpolate } from './interpolate.ts';
import { isMapping, type Mapping, mappingOf } from './merge.ts';
import { labelled, type Report, type Source, type Spot } from './report.ts';

/** What the including side gives to a file. */
export interface Given {
  /** Undefined where there is no key `inputs`. */
  readonly inputs: unknown;
  /** Where these inputs stand; without path when they come with the pipeline. */
  readonly spot: Spot;
  /** Facts of the component that is being read; empty outside of one. */
  readonly component: Mapping;
  readonly variables: Readonly<Record<string, string>>;
  readonly maskedVariables: ReadonlySet<string>;
}

export interface Content {
  readonly config: Mapping;
  /** Which document of the file it is, from 0. */
  readonly document: number;
}

interface Resolved {
  readonly scope: Scope;
  /** False where a value is missing: what was made with it says nothing. */
  readonly sound: boolean;
}

/**
 * Reads one file: header, inputs, interpolation. Undefined where GitLab reads no configuration from it; a file with
 * wrong inputs is gone through nevertheless, so that all its mistakes are reported.
 */
export function readContent(source: Source, given: Given, report: Report): Content | undefined {
  const documents = readDocuments(source, report);
  if (documents === undefined) return undefined;
  const { header, content } = documents;
  const resolved = header && resolveHeader(header, source, given, report);
  if (!header) checkUnused(source, given, report);
  if (content === undefined) return undefined;
  const { value, mistakes } = interpolate(content.value, resolved?.scope);
  for (const { path, target, ...mistake } of mistakes) {
    report.add(labelled(source, mistake), { source, document: content.index, path, target });
  }
  if (!isMapping(value)) return undefined;
  const sound = resolved?.sound !== false && mistakes.every(({ code }) => code.severity !== 'error');
  const config = sound ? value : withoutDoubtfulIncludes(value, content.value);
  return { config, document: content.index };
}

function resolveHeader(header: FileDocument, source: Source, given: Given, report: Report): Resolved {
  const { inputs, component, mistakes } = parseHeader(header.value);
  const document = header.index;
  for (const { path, ...mistake } of mistakes) {
    report.add(labelled(source, mistake), { source, document, path });
  }
  const facts = Object.entries(given.component).filter(([name]) => component.includes(name));
  const { variables, maskedVariables } = given;
  const scope = { component: mappingOf(facts), variables, maskedVariables };
  const givenInputs = mistakes.length > 0 ? undefined : readGiven(source, given, report);
  if (givenInputs === undefined) {
    // What a wrong header declares cannot be checked against; its names can.
    const names = Object.keys(inputs).map((name) => [name, unresolved] as const);
    return { scope: { ...scope, inputs: mappingOf(names) }, sound: false };
  }
  const resolved = resolveInputs(inputs, givenInputs);
  for (const mistake of resolved.mistakes) {
    const declared = { source, document, path: ['spec', 'inputs', mistake.input] };
    const spot = mistake.by === 'declaration' ? declared : spotOf(mistake, given.spot);
    report.add(labelled(source, mistake), spot);
  }
  return { scope: { ...scope, inputs: resolved.values }, sound: resolved.mistakes.length === 0 };
}

function readGiven(source: Source, given: Given, report: Report): Mapping | undefined {
  const inputs = given.inputs ?? {};
  if (isMapping(inputs)) return inputs;
  const mistake = { code: renderFindings.INPUTS_FORM, message: 'Given inputs must be a hash' };
  report.add(labelled(source, mistake), given.spot);
  return undefined;
}

function checkUnused(source: Source, given: Given, report: Report): void {
  const inputs = readGiven(source, given, report);
  if (inputs === undefined || Object.keys(inputs).length === 0) return;
  const message = 'Given inputs not defined in the `spec` section of the included configuration file';
  report.add(labelled(source, { code: renderFindings.INPUTS_FORM, message }), given.spot);
}

/** The input itself; for one that is not there, the locator gives the include it is missing from. */
function spotOf(mistake: InputMistake, spot: Spot): Spot {
  return spot.path === undefined ? spot : { ...spot, path: [...spot.path, mistake.input], target: 'key' };
}

/** Includes made with a wrong value would only be reported as wrong once more. */
function withoutDoubtfulIncludes(config: Mapping, written: Mapping): Mapping {
  const doubtful = (entry: unknown) => JSON.stringify(entry ?? null).includes('$[[');
  const { include } = config;
  const { include: asWritten } = written;
  if (!Array.isArray(include) || !Array.isArray(asWritten)) {
    return doubtful(asWritten) ? { ...config, include: null } : config;
  }
  return { ...config, include: include.map((entry, index) => (doubtful(asWritten[index]) ? null : entry)) };
}
