import { Parser } from 'htmlparser2';

/** Elements whose content no reader sees, or that is no text. */
const unseen = new Set([
  ...['script', 'style', 'template', 'noscript', 'iframe', 'object', 'embed', 'svg', 'math', 'canvas'],
  ...['audio', 'video', 'select', 'datalist', 'noframes'],
]);

const blocks = new Set([
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'dd',
    'div',
    'dl',
    'dt',
    'fieldset',
    'figcaption',
    'figure',
  ],
  ...[
    'footer',
    'form',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
    'header',
    'hr',
    'li',
    'main',
    'nav',
    'ol',
    'p',
    'pre',
  ],
  ...['section', 'table', 'tr', 'ul', 'br', 'title'],
]);

/** Elements inside each other: the parser takes longer for each the more are open. What follows more of them is left out. */
const mostDepth = 1_000;

/** Characters that are parsed between two looks at the depth. */
const pieceLength = 16 * 1024;

type Attributes = Readonly<Record<string, string>>;

/**
 * Text of a page as a reader sees it, as far as its elements say: scripts, comments and what is hidden by an attribute or by
 * a style of its own are left out; what a style sheet hides is not known. Of links the address stays, as text.
 */
export function textOfHtml(html: string): string {
  const pieces: string[] = [];
  const links: string[] = [];
  // How many elements are open inside of the outermost one that is not seen, itself counted. Each is told to end, also
  // where the page does not say so.
  let hidden = 0;
  let depth = 0;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth += 1;
      if (hidden > 0 || unseen.has(name) || isHidden(attributes)) {
        hidden += 1;
        return;
      }
      if (blocks.has(name)) pieces.push('\n');
      if (name === 'li') pieces.push('- ');
      if (name === 'td' || name === 'th') pieces.push('\t');
      if (name === 'img' && attributes.alt) pieces.push(`[${attributes.alt}]`);
      if (name === 'a') links.push(attributes.href ?? '');
    },
    ontext: (text) => {
      if (hidden === 0) pieces.push(text);
    },
    onclosetag: (name) => {
      depth -= 1;
      if (hidden > 0) {
        hidden -= 1;
        return;
      }
      if (name === 'a') pieces.push(addressOf(links.pop() ?? ''));
      if (blocks.has(name)) pieces.push('\n');
    },
  });
  for (let at = 0; at < html.length && depth <= mostDepth; at += pieceLength)
    parser.write(html.slice(at, at + pieceLength));
  if (depth > mostDepth) pieces.push('\n(the page nests too deep, and the rest of it is left out)');
  else parser.end();
  const lines = pieces
    .join('')
    .split('\n')
    .map((line) => line.replace(/[^\S\n]+/g, ' ').trim());
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function isHidden({ hidden, style = '', 'aria-hidden': aria }: Attributes): boolean {
  if (hidden !== undefined || aria === 'true') return true;
  return /display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0(\.0*)?\s*(;|$|!)|font-size\s*:\s*0/i.test(
    style,
  );
}

function addressOf(href: string): string {
  return /^\s*(#|javascript:|data:|$)/i.test(href) ? '' : ` (${href.trim().replace(/\s+/g, '')})`;
}
