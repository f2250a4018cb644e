import { listed, nearest } from '../kernel/suggest.ts';
import { compilePattern } from './functions.ts';
import { functionNames, instead, signatures } from './language.ts';
import type { MethodCall, Node, NodeOf } from './tree.ts';
import type { ExpressionIssue } from './types.ts';

/** Whether a call is one of the allowed ones, in the allowed form. */
export function callIssue(node: NodeOf<'call'> | MethodCall): ExpressionIssue | undefined {
  const name = node.args[0];
  const style = node.op === 'call' ? 'call' : 'method';
  const count = argumentsOf(node).length;
  const known = signatures.filter((signature) => signature.name === name);
  if (known.length === 0) return unknownFunction(node);
  if (known.some((form) => form.style === style && form.counts.includes(count))) {
    return name === 'matches' ? patternIssue(argumentsOf(node)[0]) : undefined;
  }
  const usage = known.map((form) => form.usage).join(' or ');
  return { ...nameOf(node), message: `${name}() is not called like this`, expected: usage };
}

/** Arguments without what a method is called on. */
export function argumentsOf(node: NodeOf<'call'> | MethodCall): readonly Node[] {
  return node.op === 'call' ? node.args[1] : node.args[2];
}

/** Where the name of a called function stands. */
export function nameOf(node: NodeOf<'call'> | MethodCall): Pick<ExpressionIssue, 'offset' | 'length'> {
  const name = node.args[0];
  const offset = node.op === 'call' ? node.start : node.input.indexOf(name, node.args[1].end);
  return { offset: offset < 0 ? node.start : offset, length: name.length };
}

function unknownFunction(node: NodeOf<'call'> | MethodCall): ExpressionIssue {
  const name = node.args[0];
  const suggestion = nearest(name, functionNames);
  const hint = Object.hasOwn(instead, name) ? `: ${instead[name]}` : '';
  return {
    ...nameOf(node),
    message: `there is no function "${name}" here${hint}`,
    expected: `one of: ${listed(functionNames)}`,
    got: name,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

// A pattern that comes from data could be any program of RE2, and its mistakes would show up too late.
function patternIssue(pattern: Node | undefined): ExpressionIssue | undefined {
  if (pattern === undefined) return undefined;
  const place = { offset: pattern.start, length: pattern.end - pattern.start };
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
    return { ...place, message: 'the pattern of matches() must be a text in quotes' };
  }
  const compiled = compilePattern(pattern.args);
  if (compiled.ok) return undefined;
  return { ...place, message: compiled.message, expected: 'a regular expression in RE2 syntax' };
}
