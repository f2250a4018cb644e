import {
  type AliasEvent,
  type DocumentEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { yamlFindings } from './findings.ts';
import {
  type Build,
  type BuildProblem,
  type Built,
  count,
  type Frame,
  type Limits,
  report,
  Stop,
  stop,
  stopAtDepth,
} from './yaml-build-state.ts';
import { put, Reference } from './yaml-mapping.ts';
import { keyText, resolvePlain, type YamlProfile } from './yaml-scalars.ts';
import { collectionTags, fullTag, referenceTag, resolveTagged } from './yaml-tags.ts';

/**
 * Makes values of js-yaml's events. It is ours because js-yaml's own stops at the first duplicate key, does not
 * bound what aliases expand to, and merges in YAML's order where Psych merges in the order of the text.
 */
export function buildDocuments(
  source: string,
  events: readonly Event[],
  profile: YamlProfile,
  limits: Limits,
): { readonly documents: readonly unknown[]; readonly problems: readonly BuildProblem[] } {
  const build: Build = {
    source,
    profile,
    limits,
    problems: [],
    frames: [],
    documents: [],
    anchors: new Map(),
    handles: new Map(),
    nodes: 0,
    aliases: 0,
    offset: 0,
  };
  try {
    for (const event of events) take(build, event);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return build;
}

function take(build: Build, event: Event): void {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      openDocument(build, event);
      break;
    case EVENT_ID.SEQUENCE:
      openCollection(build, event, 'sequence');
      break;
    case EVENT_ID.MAPPING:
      openCollection(build, event, 'mapping');
      break;
    case EVENT_ID.SCALAR:
      takeScalar(build, event);
      break;
    case EVENT_ID.ALIAS:
      takeAlias(build, event);
      break;
    default:
      close(build);
  }
}

function openDocument(build: Build, event: DocumentEvent): void {
  build.anchors = new Map();
  const handles = new Map<string, string>();
  for (const directive of event.directives) {
    if (directive.kind === 'tag') handles.set(directive.handle, directive.prefix);
  }
  build.handles = handles;
  build.frames.push(newFrame(build, 'document', '', false));
}

function openCollection(
  build: Build,
  event: SequenceEvent | MappingEvent,
  kind: 'sequence' | 'mapping',
): void {
  build.offset = event.start;
  count(build, 1, 'values');
  const tag = tagOf(build, event);
  const reference = kind === 'sequence' && build.profile === 'gitlab' && tag === referenceTag;
  if (tag !== '' && !reference && !collectionTags[kind].some((known) => known === tag))
    wrongTag(build, event.tagStart, tag, `a ${kind}`);
  const anchor = anchorOf(build, event);
  if (anchor !== '') build.anchors.set(anchor, undefined);
  const frame = newFrame(build, kind, anchor, reference);
  build.frames.push(frame);
  if (build.frames.length - 1 > build.limits.depth) stopAtDepth(build);
}

function newFrame(build: Build, kind: Frame['kind'], anchor: string, reference: boolean): Frame {
  return {
    kind,
    list: [],
    map: {},
    given: kind === 'mapping' ? new Map() : undefined,
    anchor,
    reference,
    offset: build.offset,
    nodesBefore: build.nodes,
    height: 0,
    key: undefined,
  };
}

function takeScalar(build: Build, event: ScalarEvent): void {
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
  if (event.valueStart >= 0) build.offset = event.valueStart - (quoted ? 1 : 0);
  count(build, 1, 'values');
  const text = getScalarValue(build.source, event);
  if (event.style === SCALAR_STYLE.DOUBLE_QUOTED && !text.isWellFormed()) {
    report(
      build,
      yamlFindings.SYNTAX,
      build.offset,
      'the text has half of a surrogate pair, which no character is',
    );
  }
  const tag = tagOf(build, event);
  const plain = tag === '' && event.style === SCALAR_STYLE.PLAIN;
  const built: Built = {
    value: plain
      ? resolvePlain(build.profile, text)
      : tag === ''
        ? text
        : taggedValue(build, event, tag, text),
    key: keyText(build.profile, text, plain),
    nodes: 1,
    height: 0,
  };
  const anchor = anchorOf(build, event);
  if (anchor !== '') build.anchors.set(anchor, built);
  put(build, built, build.offset, plain && text === '<<');
}

function taggedValue(build: Build, event: ScalarEvent, tag: string, text: string): unknown {
  const resolved = resolveTagged(build.profile, tag, text);
  if (resolved === undefined)
    wrongTag(build, event.tagStart, tag, `the text ${JSON.stringify(text.slice(0, 40))}`);
  return resolved === undefined ? text : resolved.value;
}

function takeAlias(build: Build, event: AliasEvent): void {
  build.offset = event.anchorStart - 1;
  const name = build.source.slice(event.anchorStart, event.anchorEnd);
  build.aliases += 1;
  if (build.aliases > build.limits.aliases) {
    stop(build, yamlFindings.ALIASES, `there are more than ${build.limits.aliases} aliases`);
  }
  const built = build.anchors.get(name);
  if (built === undefined) {
    const inside = build.anchors.has(name);
    const what = inside
      ? `the alias *${name} stands inside what it repeats`
      : `no anchor &${name} stands before its alias`;
    report(build, inside ? yamlFindings.ALIASES : yamlFindings.SYNTAX, build.offset, what);
    put(build, { value: null, key: name, nodes: 1, height: 0 }, build.offset, false);
    return;
  }
  count(build, built.nodes, 'aliases');
  if (build.frames.length - 1 + built.height > build.limits.depth) stopAtDepth(build);
  put(build, built, build.offset, false);
}

function close(build: Build): void {
  const frame = build.frames.pop();
  if (frame === undefined || frame.kind === 'document') return;
  const value =
    frame.kind === 'mapping' ? frame.map : frame.reference ? new Reference(frame.list) : frame.list;
  const nodes = build.nodes - frame.nodesBefore + 1;
  const built: Built = { value, key: undefined, nodes, height: frame.height + 1 };
  if (frame.anchor !== '') build.anchors.set(frame.anchor, built);
  put(build, built, frame.offset, false);
}

function tagOf(build: Build, event: ScalarEvent | SequenceEvent | MappingEvent): string {
  return event.tagStart < 0 ? '' : fullTag(build.source.slice(event.tagStart, event.tagEnd), build.handles);
}

function anchorOf(build: Build, event: ScalarEvent | SequenceEvent | MappingEvent): string {
  return event.anchorStart < 0 ? '' : build.source.slice(event.anchorStart, event.anchorEnd);
}

function wrongTag(build: Build, offset: number, tag: string, on: string): void {
  report(build, yamlFindings.TAG, offset, `the tag ${tag} cannot stand on ${on}`);
}
