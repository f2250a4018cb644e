import { type Arithmetic, arithmetic, negate, type Operation } from './arithmetic.ts';
import { callStep, methodStep, unguarded } from './call-step.ts';
import { contained, equal, type Ordering, ordering } from './comparison.ts';
import { type Node, type NodeOf, pathOf } from './tree.ts';
import { Fault, isList, type Step, typeName, type Value } from './value.ts';

type Slots = ReadonlyMap<string, number>;

/**
 * Turns a tree that the guard and the type check accepted into closures over the slots of its facts. The library's
 * own evaluation is not used: it lets ints overflow and doubles be infinite, cannot be stopped, matches with
 * backtracking, and took eight times as long.
 */
export function stepOf(node: Node, slots: Slots): Step {
  switch (node.op) {
    case 'value':
      return constant(node.args as Value);
    case 'id':
    case '.':
      return access(node, slots);
    case '[]':
      return both(node.args, slots, index);
    case '?:':
      return ternary(node, slots);
    case '&&':
    case '||':
      return logical(node, slots);
    case '!_':
      return one(node.args, slots, not);
    case '-_':
      return one(node.args, slots, negate);
    case 'list': {
      const value = constantOf(node);
      return value === undefined ? list(node.args, slots) : constant(value);
    }
    case 'map':
      return map(node, slots);
    case 'call':
      return callStep(node, (part) => stepOf(part, slots));
    case 'rcall':
      return methodStep(node, (part) => stepOf(part, slots));
    case '.?':
    case '[?]':
      throw unguarded(node.op);
    default:
      return both(node.args, slots, operation(node.op));
  }
}

function operation(op: Arithmetic | Ordering | '==' | '!=' | 'in'): Operation {
  switch (op) {
    case '==':
      return equal;
    case '!=':
      return (left, right, frame) => !equal(left, right, frame);
    case 'in':
      return contained;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordering(op);
    default:
      return arithmetic(op);
  }
}

function constant(value: Value): Step {
  return () => value;
}

function one(node: Node, slots: Slots, operate: (value: Value) => Value | Fault): Step {
  const operand = stepOf(node, slots);
  return (frame) => {
    const value = operand(frame);
    return value instanceof Fault ? value : operate(value);
  };
}

function both(nodes: readonly [Node, Node], slots: Slots, operate: Operation): Step {
  const compared = factBeside(nodes, slots, operate);
  if (compared !== undefined) return compared;
  const [first, second] = [stepOf(nodes[0], slots), stepOf(nodes[1], slots)];
  return (frame) => {
    const left = first(frame);
    if (left instanceof Fault) return left;
    const right = second(frame);
    if (right instanceof Fault) return right;
    return operate(left, right, frame);
  };
}

/** The step of a fact and a constant, which most conditions are made of: in one call instead of three. */
function factBeside(
  [left, right]: readonly [Node, Node],
  slots: Slots,
  operate: Operation,
): Step | undefined {
  const [before, after] = [slotOf(left, slots), slotOf(right, slots)];
  const value = constantOf(before === undefined ? left : right);
  if (value === undefined) return undefined;
  if (before !== undefined) return (frame) => operate(frame.values[before] as Value, value, frame);
  if (after !== undefined) return (frame) => operate(value, frame.values[after] as Value, frame);
  return undefined;
}

function slotOf(node: Node, slots: Slots): number | undefined {
  return node.op === 'id' || node.op === '.' ? slots.get(pathOf(node)?.join('.') ?? '') : undefined;
}

function constantOf(node: Node): Value | undefined {
  if (node.op === 'value') return node.args as Value;
  if (node.op !== 'list' || node.args.some((item) => item.op !== 'value')) return undefined;
  return node.args.map((item) => item.args as Value);
}

function access(node: NodeOf<'id' | '.'>, slots: Slots): Step {
  const slot = slotOf(node, slots);
  // Facts are checked to be there before an expression runs.
  if (slot !== undefined) return (frame) => frame.values[slot] as Value;
  if (node.op === 'id') return (frame) => frame.item;
  const key = node.args[1];
  return one(node.args[0], slots, (value) => field(value, key));
}

function field(value: Value, key: string): Value | Fault {
  if (!(value instanceof Map)) return new Fault(`${typeName(value)} has no fields`);
  return value.get(key) ?? (value.has(key) ? null : new Fault('there is no such key'));
}

function index(value: Value, key: Value): Value | Fault {
  if (value instanceof Map && typeof key === 'string') return field(value, key);
  if (!isList(value) || !(typeof key === 'bigint' || Number.isInteger(key))) {
    return new Fault(`${typeName(value)} has no index of type ${typeName(key)}`);
  }
  return (
    value[Number(key)] ?? (value[Number(key)] === null ? null : new Fault('the index is outside of the list'))
  );
}

function not(value: Value): boolean | Fault {
  return typeof value === 'boolean' ? !value : notBool('!', value);
}

function notBool(op: string, value: Value): Fault {
  return new Fault(`"${op}" needs bool, not ${typeName(value)}`);
}

function ternary(node: NodeOf<'?:'>, slots: Slots): Step {
  const [condition, yes, no] = node.args.map((part) => stepOf(part, slots)) as [Step, Step, Step];
  return (frame) => {
    const holds = condition(frame);
    if (holds === true) return yes(frame);
    if (holds === false) return no(frame);
    return holds instanceof Fault ? holds : notBool('?', holds);
  };
}

/** CEL's logic: the operand that decides is the answer, whatever the other one is. */
function logical(node: NodeOf<'&&' | '||'>, slots: Slots): Step {
  const { op } = node;
  const deciding = op === '||';
  const [first, second] = [stepOf(node.args[0], slots), stepOf(node.args[1], slots)];
  return (frame) => {
    const left = first(frame);
    if (left === deciding) return deciding;
    const right = second(frame);
    if (right === deciding) return deciding;
    if (typeof left !== 'boolean') return left instanceof Fault ? left : notBool(op, left);
    if (typeof right !== 'boolean') return right instanceof Fault ? right : notBool(op, right);
    return !deciding;
  };
}

function list(nodes: readonly Node[], slots: Slots): Step {
  const steps = nodes.map((node) => stepOf(node, slots));
  return (frame) => {
    const items: Value[] = [];
    for (const step of steps) {
      const item = step(frame);
      if (item instanceof Fault) return item;
      items.push(item);
    }
    return items;
  };
}

function map(node: NodeOf<'map'>, slots: Slots): Step {
  const steps = node.args.map(([key, value]) => [key.args as string, stepOf(value, slots)] as const);
  return (frame) => {
    const entries = new Map<string, Value>();
    for (const [key, step] of steps) {
      const value = step(frame);
      if (value instanceof Fault) return value;
      entries.set(key, value);
    }
    return entries;
  };
}
