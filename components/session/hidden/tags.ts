/** One attribute as it is written, with the white space before it. */
export interface Attribute {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly value: string;
}

export interface Tag {
  readonly start: number;
  readonly end: number;
  /** In lower case. */
  readonly name: string;
  readonly closes: boolean;
  readonly attributes: readonly Attribute[];
  /** Whether it is a tag by CommonMark's grammar, and not only by a browser's. */
  readonly strict: boolean;
}

const opening = /<(\/?)([a-z][a-z0-9-]*)(?=[\s/>])/iy;
const attributeName = /[^\s"'<>/=][^\s"'<>/=]*/y;
const strictName = /^[a-z_:][\w.:-]*$/i;

/**
 * Reads the tag that begins at a place as a browser does. Undefined where there is none; `'open'` where the text ends in it.
 * What is read is read once: another `<` outside of quotes ends it.
 */
export function readTag(text: string, start: number): Tag | 'open' | undefined {
  opening.lastIndex = start;
  const head = opening.exec(text);
  if (head === null) return undefined;
  const [whole, slash, name = ''] = head;
  const attributes: Attribute[] = [];
  let strict = true;
  let at = start + whole.length;
  for (;;) {
    const before = at;
    while (at < text.length && /[\s/]/.test(text.charAt(at))) at += 1;
    if (at >= text.length) return 'open';
    const character = text.charAt(at);
    if (character === '<') return undefined;
    if (character === '>') {
      strict &&= /^\s*\/?$/.test(text.slice(before, at));
      return {
        start,
        end: at + 1,
        name: name.toLowerCase(),
        closes: slash === '/',
        attributes,
        strict: strict && (slash !== '/' || attributes.length === 0),
      };
    }
    const read = readAttribute(text, before, at);
    if (read === undefined) return 'open';
    strict &&= read.strict && before < at;
    attributes.push(read);
    at = read.end;
  }
}

function readAttribute(
  text: string,
  start: number,
  at: number,
): (Attribute & { strict: boolean }) | undefined {
  attributeName.lastIndex = at;
  const name = attributeName.exec(text)?.[0] ?? text.charAt(at);
  let end = at + name.length;
  const wellFormed = strictName.test(name) && !text.slice(start, at).includes('/');
  const equals = /\s*=\s*/y;
  equals.lastIndex = end;
  const sign = equals.exec(text);
  if (sign === null) return { start, end, name: name.toLowerCase(), value: '', strict: wellFormed };
  end += sign[0].length;
  const quote = text.charAt(end);
  if (quote === '"' || quote === "'") {
    const close = text.indexOf(quote, end + 1);
    if (close < 0) return undefined;
    const value = text.slice(end + 1, close);
    return { start, end: close + 1, name: name.toLowerCase(), value, strict: wellFormed };
  }
  const bare = /[^\s<>]*/y;
  bare.lastIndex = end;
  const value = bare.exec(text)?.[0] ?? '';
  const strict = wellFormed && /^[^"'=`]+$/.test(value);
  return { start, end: end + value.length, name: name.toLowerCase(), value, strict };
}

const styles: readonly RegExp[] = [
  /display:none/,
  /visibility:(?:hidden|collapse)/,
  /(?:^|[;-])opacity:(?:0?\.[0-2]|0(?![.\d])|[0-9]%|0\.0)/,
  /font-size:0*(?:\.\d|[0-3](?![\d]))/,
  /font:(?:[a-z ]*)0*(?:\.\d|[0-3])(?:px|pt|em|%)/,
  /(?:^|;)color:(?:transparent|white|snow|ivory|#fff|#f[a-f0-9]f[a-f0-9]f[a-f0-9]|rgba?\(255,255,255|rgba\([\d.,]*,0?(?:\.0*)?\)|hsla?\([^)]*,100%)/,
  /(?:text-indent|left|top|right|bottom|margin(?:-[a-z]+)?):-\d{3}/,
  /(?:^|;)(?:max-)?(?:width|height):0(?![.\d]*[1-9])/,
  /clip(?:-path)?:(?:rect|inset|circle|polygon)/,
  /transform:(?:[^;]*)(?:scale[xy3d]*\(0|translate[^;]*-\d{3})/,
  /content-visibility:hidden|-webkit-text-fill-color:transparent/,
  // An escape or a comment in a style hides what the style says.
  /\\|\/\*|&/,
];

const hiddenClasses =
  /(?:^|\s)(?:hidden|invisible|d-none|sr-only|visually-hidden|gl-hidden|gl-sr-only)(?:\s|$)/i;

/** Whether a browser shows nothing of an element, or what nobody reads. */
export function isHiddenElement({ attributes }: Tag): boolean {
  return attributes.some(({ name, value }) => {
    if (name === 'hidden') return true;
    if (name === 'aria-hidden') return /^\s*true\s*$/i.test(value);
    if (name === 'style') return isHiddenStyle(value);
    if (name === 'class') return hiddenClasses.test(value);
    if (name === 'color') return isHiddenStyle(`color:${value}`);
    return name === 'size' && /^\s*-?0\s*$/.test(value);
  });
}

function isHiddenStyle(value: string): boolean {
  const plain = value.toLowerCase().replace(/\s+/g, '');
  if (styles.some((style) => style.test(plain))) return true;
  const color = /(?:^|;)color:([^;]+)/.exec(plain)?.[1];
  const behind = /(?:^|;)background(?:-color)?:([^;]+)/.exec(plain)?.[1];
  return color !== undefined && color === behind;
}

/** Attributes whose values a reader is shown, as the address of a link. */
export const shownAttributes: ReadonlySet<string> = new Set(['href', 'src']);

/** Elements of which the contents are never text of the page. */
export const unseen: ReadonlySet<string> = new Set(
  'script style template noembed noframes iframe object title head'.split(' '),
);

/** Elements that have no end. */
export const voids: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);

/** Elements in which a blank line does not end the HTML. */
export const rawBlocks: ReadonlySet<string> = new Set(['pre', 'textarea', 'script', 'style']);

/** Elements of pages. A tag of another name is taken out by a page's sanitiser, and nobody sees what it is called. */
export const elements: ReadonlySet<string> = new Set(
  (
    'a abbr acronym address article aside audio b bdi bdo big blockquote body br button caption center cite code col ' +
    'colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr html i img input ins kbd label legend li link main map mark menu meta meter nav ' +
    'noscript ol optgroup option output p picture pre progress q rp rt ruby s samp section select small source span ' +
    'strike strong sub summary sup svg table tbody td textarea tfoot th thead time tr track tt u ul var video wbr'
  )
    .split(' ')
    .concat([...unseen]),
);
