import type { Detector, Span } from '../types.ts';

/** Sentences and marks, each with words of which one is in it: most texts have none. */
const markers: readonly (readonly [words: readonly string[], pattern: RegExp])[] = [
  [
    ['ignore', 'disregard', 'forget', 'override'],
    /(?:ignore|disregard|forget|override)\s{1,3}(?:(?:all|any|the|your|of|these|those|my)\s{1,3}){0,3}(?:previous|prior|above|earlier|preceding|system|other)\s{1,3}(?:instruction|prompt|rule|direction|guideline|message|context|command)s?/gi,
  ],
  [
    ['are now'],
    /you\s{1,3}are now\s{1,3}(?:in\s{1,3})?(?:developer|debug|admin|dan\b|jailbr\w{1,10}|unrestricted)/gi,
  ],
  [
    ['system prompt', 'initial instructions', 'hidden instructions'],
    /(?:reveal|print|repeat|show|output)\s{1,3}(?:me\s{1,3})?(?:your|the)\s{1,3}(?:system prompt|initial instructions|hidden instructions)/gi,
  ],
  [
    ['do not tell', 'do not inform', 'do not mention'],
    /do not (?:tell|inform|mention\s{1,3}this\s{1,3}to)\s{1,3}the\s{1,3}(?:user|reviewer|author)/gi,
  ],
  [['<|'], /<\|(?:im_start|im_end|system|user|assistant|endoftext)\|>/gi],
  [['inst]'], /\[\/?INST\]/gi],
  [['## system:', '##system:', '## instruction', '##instruction'], /#{2,3}\s?(?:system|instruction)s?:/gi],
];

export const detector: Detector = {
  id: 'prompt-injection',
  dataClass: undefined,
  names: ['prompt_injection', 'prompt_injections', 'injection', 'jailbreak'],
  onlyWarns: true,
  decides: 'a few English sentences and marks of chat formats that attacks are known by; it only warns',
  misses: 'whatever is said in other words, in another language or encoded: it protects against nothing',
  find: ({ text }) => {
    const lower = text.toLowerCase();
    return markers
      .filter(([words]) => words.some((word) => lower.includes(word)))
      .flatMap(([, pattern]) =>
        Array.from(text.matchAll(pattern), ({ index, 0: found }): Span => [index, index + found.length]),
      )
      .sort(([one], [other]) => one - other);
  },
};
