import { secretForms } from '../../kernel/secret-forms.ts';

/** Shorter ones would stand everywhere. */
const fewestCharacters = 6;

/**
 * Makes what tells whether a text holds one of these keys, in any of the forms that a redactor knows, backwards, and broken
 * over lines.
 */
export function createKeySearch(keys: readonly string[]): (text: string) => boolean {
  const wanted = keys
    .filter((key) => key.length >= fewestCharacters)
    .flatMap((key) => [...secretForms(key).map(({ text }) => text), [...key].reverse().join('')])
    .map(squeezed)
    .filter((form) => form.length >= fewestCharacters);
  return (text) => {
    const texts = [text, squeezed(text)];
    return wanted.some((form) => texts.some((one) => one.includes(form)));
  };
}

/** White space may break it, and so may what JSON writes for that. */
function squeezed(text: string): string {
  return text.replace(/\\[nrt]|\\?\s+/g, '');
}
