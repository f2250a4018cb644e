import type { Term } from './policy-set.ts';

/** Terms as CEL. A fraction is written as one, since a double is compared. */
export function celOf(terms: readonly Term[]): string {
  return terms.map(termOf).join(' && ');
}

const doubles = ['context.cost_usd', 'context.confidence'];

function termOf(term: Term): string {
  const value = JSON.stringify(term.value);
  if (term.op === 'in') return `${term.fact} in ${value}`;
  if (term.op === 'not in') return `!(${term.fact} in ${value})`;
  if (term.op === 'contains') return `${value} in ${term.fact}`;
  const isWholeDouble = doubles.includes(term.fact) && Number.isInteger(term.value);
  return `${term.fact} ${term.op} ${isWholeDouble ? `${value}.0` : value}`;
}
