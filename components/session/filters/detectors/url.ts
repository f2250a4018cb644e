import type { Detector, Span } from '../types.ts';

const address = /https?:\/\/[^\s<>"'`)\]}]{1,2000}/gi;

export const detector: Detector = {
  id: 'url',
  dataClass: undefined,
  names: ['url', 'urls', 'link', 'links', 'external_links'],
  decides: 'every address that begins with http:// or https://',
  misses: 'addresses without a scheme, relative ones, other schemes',
  find: ({ text }) => {
    if (!text.includes('://')) return [];
    return Array.from(text.matchAll(address), ({ index, 0: found }): Span => [index, index + found.length]);
  },
};
