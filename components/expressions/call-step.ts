import { comprehension } from './comprehension.ts';
import { compilePattern, matches, size, textTest } from './functions.ts';
import { isComprehension, type MethodCall, type Node, type NodeOf, sizeOf } from './tree.ts';
import { Fault, type Step, typeName } from './value.ts';

type Compile = (node: Node) => Step;

// The guard lets nothing of the kind through; if it did, this must not become an answer.
export function unguarded(what: string): TypeError {
  return new TypeError(`the guard of expressions let ${what} through`);
}

/** `size(x)` and `has(x.y)`. */
export function callStep(node: NodeOf<'call'>, compile: Compile): Step {
  const [name, [argument]] = node.args;
  if (name === 'size' && argument !== undefined) return sizeStep(compile(argument));
  if (name === 'has' && argument?.op === '.') return has(compile(argument.args[0]), argument.args[1]);
  throw unguarded(name);
}

/** Tests of texts, `matches`, `size` and the macros. */
export function methodStep(node: MethodCall, compile: Compile): Step {
  const [name, receiver, args] = node.args;
  if (isComprehension(node)) return macro(node, compile);
  if (name === 'size') return sizeStep(compile(receiver));
  const argument = args[0];
  if (argument === undefined) throw unguarded(name);
  if (name !== 'matches') return textTest(name, compile(receiver), compile(argument));
  const pattern = compilePattern(String(argument.args));
  if (!pattern.ok) throw unguarded('a pattern');
  return matches(compile(receiver), pattern.re);
}

function macro(node: MethodCall, compile: Compile): Step {
  const [name, receiver, [, second, third]] = node.args;
  const [condition, result] =
    name !== 'map' ? [second, undefined] : third ? [second, third] : [undefined, second];
  return comprehension({
    name,
    range: compile(receiver),
    condition: condition && compile(condition),
    result: result && compile(result),
    cost: (condition ? sizeOf(condition) : 0) + (result ? sizeOf(result) : 0),
  });
}

function sizeStep(operand: Step): Step {
  return (frame) => {
    const value = operand(frame);
    return value instanceof Fault ? value : size(value, frame);
  };
}

/** `has(a.b)`: whether the object `a` has the key `b`; an `a` that is no object is an error. */
function has(operand: Step, key: string): Step {
  return (frame) => {
    const value = operand(frame);
    if (value instanceof Fault) return value;
    return value instanceof Map ? value.has(key) : new Fault(`${typeName(value)} has no fields`);
  };
}
