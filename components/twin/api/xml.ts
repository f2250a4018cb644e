/** An element; namespaces, comments and processing instructions do not matter here. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** All text directly in it, with CDATA. */
  text: string;
}

const token =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE[^[>]*>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=/>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;

/** Levels of elements; reports have three or four. */
const deepest = 200;

/**
 * Reads the part of XML that test reports are written in. A document type with declarations of its own is refused: whoever
 * wrote the report could make it grow without end.
 *
 * @returns the outermost element, or what is wrong
 */
export function parseXml(source: string): XmlElement | { readonly mistake: string } {
  const text = source.replace(/^\uFEFF/, '');
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  token.lastIndex = 0;
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [all, data, closed, name, attributes, empty, plain] = match;
    at = match.index + all.length;
    const parent = open.at(-1) ?? root;
    if (data !== undefined) parent.text += data;
    else if (plain !== undefined) parent.text += decode(plain);
    else if (closed !== undefined && (open.length === 1 || open.pop()?.name !== closed))
      return { mistake: `</${closed}> closes nothing` };
    else if (name !== undefined) {
      const element = { name, attributes: attributesIn(attributes ?? ''), children: [], text: '' };
      parent.children.push(element);
      if (empty === '') open.push(element);
    }
    if (open.length > deepest) return { mistake: 'elements are nested too deeply' };
  }
  const [first, ...others] = root.children;
  if (at < text.length) return { mistake: `no XML at character ${at}` };
  if (open.length > 1) return { mistake: `<${open.at(-1)?.name}> is not closed` };
  if (first === undefined || others.length > 0 || root.text.trim() !== '')
    return { mistake: 'no single root element' };
  return first;
}

function attributesIn(text: string): Map<string, string> {
  const pairs = text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map([...pairs].map(([, name = '', double, single = '']) => [name, decode(double ?? single)]));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? all;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
