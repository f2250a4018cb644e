import type { XmlElement } from '@rgrove/parse-xml';
import { once } from '../../kernel/once.ts';

const loadParser = once(() => import('@rgrove/parse-xml'));

/** What a service says of a request it did not do. */
export interface ServiceError {
  /** Such as `AccessDenied`; empty where it does not say. */
  readonly code: string;
  readonly message: string;
  readonly region: string | undefined;
  readonly serverTime: string | undefined;
}

/** A page of a list. */
export interface ListPage {
  readonly objects: readonly { readonly key: string; readonly size: number }[];
  /** What keys have in common up to the delimiter. */
  readonly folders: readonly string[];
  /** Asks for the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** What is no XML tells nothing. */
export async function parseServiceError(text: string): Promise<ServiceError> {
  const root = await parseRoot(text).catch(() => undefined);
  const field = (name: string) => (root?.name === 'Error' ? textOf(root, name) : undefined);
  const code = field('Code') ?? '';
  return {
    code: /^[A-Za-z0-9.]{1,64}$/.test(code) ? code : '',
    message: (field('Message') ?? '').slice(0, 300),
    region: field('Region'),
    serverTime: field('ServerTime'),
  };
}

/** @throws an error where it is no whole page */
export async function parseListPage(text: string): Promise<ListPage> {
  const root = await parseRoot(text);
  if (root.name !== 'ListBucketResult') throw new Error(`it is a <${root.name.slice(0, 40)}>, and no list`);
  const objects = childrenOf(root, 'Contents').map((entry) => {
    const [key, size] = [textOf(entry, 'Key'), textOf(entry, 'Size') ?? ''];
    if (key === undefined || !/^\d{1,15}$/.test(size)) throw new Error('an entry has no key or no size');
    return { key, size: Number(size) };
  });
  const folders = childrenOf(root, 'CommonPrefixes').flatMap((entry) => textOf(entry, 'Prefix') ?? []);
  const truncated = textOf(root, 'IsTruncated');
  const token = textOf(root, 'NextContinuationToken');
  if (truncated !== 'true' && truncated !== 'false') throw new Error('it does not say whether it goes on');
  if (truncated === 'true' && !token) throw new Error('it goes on, and does not say how');
  return { objects, folders, next: truncated === 'true' ? token : undefined };
}

async function parseRoot(text: string): Promise<XmlElement> {
  const { parseXml } = await loadParser();
  const { root } = parseXml(text);
  if (root === null) throw new Error('it is empty');
  return root;
}

function childrenOf(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.flatMap((child) =>
    child.type === 'element' && (child as XmlElement).name === name ? [child as XmlElement] : [],
  );
}

function textOf(parent: XmlElement, name: string): string | undefined {
  return childrenOf(parent, name)[0]?.text;
}
