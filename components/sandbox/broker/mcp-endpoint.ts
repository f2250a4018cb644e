import { hostOf, isAddress } from './allow-list.ts';
import { errors } from './errors.ts';
import { tokenVariable } from './key-names.ts';
import type { McpEndpoint } from './types.ts';

const form =
  /^([^=]*)=(trusted:)?(private:)?(https?:\/\/(?:[^/:?#@*[\]\s]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(?:\/[^?#@\\%\s]*)?)$/;

/**
 * Reads the operator's list: `glossary=https://mcp.example.com/mcp`, and `notes=private:http://10.0.0.5:8080/mcp` for an address
 * of a private network, whose port must be named; `trusted:` before either says that what agents tell it stays with the operator.
 * @throws BROKER_SETTINGS
 */
export function parseServerList(entries: readonly string[]): McpEndpoint[] {
  const servers = entries.map(parseServer);
  const names = servers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw errors.SETTINGS({ what: `two MCP servers called ${twice}`, expected: 'one of each name' });
  return servers;
}

function parseServer(entry: string): McpEndpoint {
  const refuse = (expected: string) =>
    errors.SETTINGS({ what: `the MCP server ${JSON.stringify(entry)}`, expected });
  const [match, name = '', isTrusted, isPrivate, text = '', port] = form.exec(entry) ?? [];
  const url = match === undefined ? null : URL.parse(text);
  if (url === null) throw refuse('a name and an address, such as glossary=https://mcp.example.com/mcp');
  if (isPrivate !== undefined && port === undefined) throw refuse('a port beside `private:`');
  const server = { name, url: url.href, private: isPrivate !== undefined, trusted: isTrusted !== undefined };
  assertServer(server);
  return server;
}

/** @throws BROKER_SETTINGS */
export function assertServer({ name, url: text, private: isPrivate }: McpEndpoint, key?: string): void {
  const refuse = (what: string, expected: string) => errors.SETTINGS({ what, expected });
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 30)
    throw refuse(`an MCP server called ${JSON.stringify(name)}`, 'small letters, digits and single hyphens');
  const url = URL.parse(text);
  const isPlain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (!isPlain || url.href !== text || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw refuse(`the address of the MCP server ${name}`, 'https://host/path without user and query');
  if (isPrivate) {
    if (key !== undefined && url.protocol === 'http:' && !isLoopback(url))
      throw refuse(`the key ${tokenVariable(name)} without encryption`, 'https, where there is a key');
    return;
  }
  if (url.protocol === 'http:')
    throw refuse(`http: for the MCP server ${name}`, 'https, or `private:` before an address of http');
  if (isAddress(hostOf(url)))
    throw refuse(`an address for the MCP server ${name}`, 'a name, or `private:` before it');
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
