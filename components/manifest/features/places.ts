import { valueAt } from '../../kernel/place.ts';
import { isData, itemsAt, textAt } from '../read-data.ts';

/** Both places of an extension, as people write them. */
export function extension(name: string): readonly string[] {
  return [`extensions.${name}`, `spec.extensions.${name}`];
}

type Test = (value: unknown) => boolean;

/** A test of documents: whether a value at one of the places passes. No name in a place has a dot. */
export function anyAt(places: readonly string[], test: Test): Test {
  const paths = places.map((place) => place.split('.'));
  return (document) => paths.some((path) => test(valueAt(document, path)));
}

/** As `anyAt`, of values that are on. */
export function onAt(places: readonly string[], test: Test): Test {
  return anyAt(places, (value) => isOn(value) && test(value));
}

/** Whether a value says something, and does not say that it is switched off. */
export function isOn(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isData(value)) return value.enabled !== false && Object.keys(value).length > 0;
  return value === true;
}

export function isName(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** What `extensions.experts` holds, whichever name it stands under. */
export function isMixture(value: unknown): boolean {
  return has(value, 'registry') && !has(value, 'primary');
}

/** What `extensions.moe` holds, whichever name it stands under. */
export function isMeasures(value: unknown): boolean {
  return has(value, 'primary') && !has(value, 'registry');
}

function has(value: unknown, field: string): boolean {
  return isData(value) && Object.hasOwn(value, field);
}

export type Protocol = 'a2a' | 'mcp';

/** Places where a protocol is set up by its name: root of 0.3.4 and of 0.5, extensions, the bridge of 0.1.9. */
export function protocolPlaces(protocol: Protocol): readonly string[] {
  return [protocol, `protocols.${protocol}`, ...extension(protocol), `agent.bridge.${protocol}`];
}

// Paths inside a tool, by the versions that have them: 0.2 and later; the examples of 0.3.5; 0.2.
const toolFields = [['type'], ['source', 'type'], ['handler', 'type'], ['transport', 'protocol']] as const;
// 0.2 lists what agents talk with each other; 0.1.9 has a list in one of its shapes, and in the other one protocol,
// which is never A2A.
const lists = ['spec.collaboration.communication.protocols', 'spec.protocols'] as const;
const singles = { a2a: [], mcp: ['agent.integration.protocol'] } as const;

/** Places where a protocol is the value, for people to read. */
export function protocolValues(protocol: Protocol): readonly string[] {
  const tools = toolFields.map((field) => `spec.tools[].${field.join('.')}: ${protocol}`);
  const listed = lists.map((list) => `${list}[]: ${protocol}`);
  return [...tools, ...listed, ...singles[protocol].map((place) => `${place}: ${protocol}`)];
}

/** A test of documents: whether one names the protocol as a value, at one of `protocolValues`. */
export function speaks(protocol: Protocol): Test {
  const isNamed = anyAt(singles[protocol], (value) => value === protocol);
  const isInList = anyAt(lists, (list) => isListed(list, protocol));
  return (document) => isNamed(document) || isInList(document) || isOfTool(document, protocol);
}

function isOfTool(document: unknown, protocol: Protocol): boolean {
  const tools = itemsAt(document, ['spec', 'tools']);
  return tools.some(({ value }) => toolFields.some((field) => textAt(value, field) === protocol));
}

/** A list of names or of named mappings; 0.1.9 leaves open what `spec.protocols` is, so a mapping by name counts too. */
function isListed(list: unknown, protocol: Protocol): boolean {
  if (isData(list)) return isOn(list[protocol]);
  if (!Array.isArray(list)) return false;
  return list.some(
    (item) => item === protocol || ['name', 'type'].some((field) => textAt(item, [field]) === protocol),
  );
}
