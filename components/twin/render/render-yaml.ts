import { type CollectionTag, Document, Scalar, visit, YAMLSeq } from 'yaml';
import { Reference } from '../../kernel/yaml.ts';
import { keyText, resolvePlain } from '../../kernel/yaml-scalars.ts';
import type { Mapping } from './merge.ts';

/**
 * Writes a configuration as YAML that readers of 1.1 (GitLab) and 1.2 read alike: a text that either could take for
 * something else (`on`, `0777`, `1:30`, `1,000`) is quoted. `!reference` is written as such.
 */
export function renderYaml(config: Mapping): string {
  const document = new Document(config, {
    version: '1.2',
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
    customTags: [referenceTag],
  });
  visit(document, {
    Scalar: (key, node) => {
      const { value } = node;
      if (typeof value !== 'string') return;
      if (hasUnprintable(value)) node.type = Scalar.QUOTE_DOUBLE;
      if (hasUnprintable(value) || value.includes('\n')) return;
      const misread = key === 'key' ? keyText('gitlab', value, true) !== value : !isText(value);
      if (misread || value === '<<' || value === '=') node.type = Scalar.QUOTE_SINGLE;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: true }).replace(unprintable, escaped);
}

/** What YAML allows in escaped form only, and the writer leaves as it is. */
const unprintable = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/g;

function hasUnprintable(text: string): boolean {
  return text.search(unprintable) >= 0;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isText(value: string): boolean {
  return resolvePlain('gitlab', value) === value && resolvePlain('manifest', value) === value;
}

const referenceTag: CollectionTag = {
  tag: '!reference',
  collection: 'seq',
  identify: (value) => value instanceof Reference,
  createNode: (_schema, value) => {
    const sequence = new YAMLSeq();
    sequence.flow = true;
    sequence.tag = '!reference';
    for (const part of value instanceof Reference ? value.path : []) sequence.add(new Scalar(part));
    return sequence;
  },
};
