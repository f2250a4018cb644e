interface InputBase {
  /** What it does, for people; the same sentence stands in the component's `spec.inputs`. */
  readonly description: string;
  /** Without default an input is undefined unless it is required. */
  readonly required?: true;
  /** Decides what runs or what passes: read from the flag only, since any pipeline variable sets the environment. */
  readonly security?: true;
  /** Its variable, where the field has a name for it that is in use already, such as `AWS_REGION`. */
  readonly variable?: string;
  /** Its value is taken out of everything that is written. */
  readonly secret?: true;
  /** Only for people at a terminal: no component has it. */
  readonly terminal?: true;
  /** Default of the component's input where it differs from the command's. */
  readonly componentDefault?: string | number | boolean;
}

interface StringInput extends InputBase {
  readonly type: 'string';
  readonly default?: string;
  readonly options?: readonly string[];
  /** What a value must match as a whole. */
  readonly pattern?: RegExp;
}

export interface NumberInput extends InputBase {
  readonly type: 'integer' | 'number';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

interface BooleanInput extends InputBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** The flag may be repeated; in a variable items are separated by white space. */
interface ListInput extends InputBase {
  readonly type: 'list';
  readonly default: readonly string[];
  /** Whether one flag holds several items, separated by white space: so a component passes them. */
  readonly spaced?: true;
}

export type InputDeclaration = StringInput | NumberInput | BooleanInput | ListInput;
export type InputDeclarations = Readonly<Record<string, InputDeclaration>>;

type ValueOf<D extends InputDeclaration> = D extends StringInput
  ? D extends { readonly options: readonly (infer Option)[] }
    ? Option
    : string
  : D extends NumberInput
    ? number
    : D extends BooleanInput
      ? boolean
      : readonly string[];

type Present = { readonly default: unknown } | { readonly required: true };

/** The values of declared inputs under their own names, typed by the declaration. */
export type InputValues<Ds extends InputDeclarations> = {
  readonly [Name in keyof Ds]: Ds[Name] extends Present ? ValueOf<Ds[Name]> : ValueOf<Ds[Name]> | undefined;
};

/** `max-tokens` → `PIPEWRIGHT_MAX_TOKENS`; undefined for an input that takes no variable. */
export function variableOf(name: string, declaration: InputDeclaration): string | undefined {
  return declaration.security ? undefined : variableNamed(name, declaration);
}

/** The variable of that name, read or not. */
export function variableNamed(name: string, { variable }: Pick<InputBase, 'variable'>): string {
  return variable ?? `PIPEWRIGHT_${name.toUpperCase().replaceAll('-', '_')}`;
}
