/** A variable before its value is searched for others. */
export interface Unexpanded {
  readonly key: string;
  readonly value: string;
  /** Its value is taken as it is. */
  readonly raw: boolean;
  readonly file: boolean;
}

/** GitLab's forms: `$NAME`, `${NAME}`, `%NAME%`; `$$` and `%%` stay for whoever comes next. */
const written = /\$\$|%%|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)\}|%([A-Za-z_]\w*)%/g;
/** The runner's forms, which are those of Go's os.Expand. */
const atRunner = /\$(?:\{([^}]*)\}|([*#$@!?\-0-9])|([A-Za-z_]\w*))/g;

/**
 * Expands the variables of a job as GitLab and the runner do together: GitLab puts values into values in the order
 * they depend on each other (nothing of a circle), the runner looks once more, turns `$$` into `$` and what nobody
 * has set into nothing. A file's variable stays as written, since only the runner knows the path.
 */
export function expandForJob(variables: readonly Unexpanded[]): ReadonlyMap<string, string> {
  const known = new Map(variables.map((variable) => [variable.key, variable]));
  const expanded = expandAtServer(variables, (match) => match);
  const result = new Map<string, string>();
  for (const { key, raw, file } of variables) {
    const value = expanded.get(key) ?? '';
    const ofRunner = (match: string, name: string) => {
      if (known.get(name)?.file === true) return match;
      return name === '$' ? '$' : (expanded.get(name) ?? '');
    };
    const final = value.replace(atRunner, (match, braced?: string, special?: string, plain?: string) =>
      ofRunner(match, braced ?? special ?? plain ?? ''),
    );
    result.set(key, raw || file ? value : final);
  }
  return result;
}

/** The variables as `rules:if` sees them: expanded, with nothing in place of those that are not set. */
export function expandForRules(variables: readonly Unexpanded[]): ReadonlyMap<string, string> {
  return expandAtServer(variables, () => '', true);
}

/** Expands a text of the configuration; what is not set stays as written, as in an environment's URL. */
export function expandText(
  text: string,
  variables: ReadonlyMap<string, string>,
  unset: (match: string) => string = (match) => match,
): string {
  return text.replace(written, (match, plain?: string, braced?: string, percent?: string) => {
    const name = plain ?? braced ?? percent;
    return name === undefined ? match : (variables.get(name) ?? unset(match));
  });
}

function expandAtServer(
  variables: readonly Unexpanded[],
  unset: (match: string) => string,
  everything = false,
): ReadonlyMap<string, string> {
  const known = new Map(variables.map((variable) => [variable.key, variable]));
  const order = inOrder(variables);
  const done = new Map<string, string>();
  if (order === undefined) return new Map(variables.map(({ key, value }) => [key, value]));
  for (const { key, value, raw, file } of order) {
    const lookUp = (match: string, name: string) => {
      const other = known.get(name);
      if (other === undefined) return unset(match);
      // The runner puts these in; GitLab itself does where it needs the value, as in rules.
      if (!everything && (other.raw || other.file)) return match;
      return name === key ? match : (done.get(name) ?? match);
    };
    const expanded = value.replace(written, (match, plain?: string, braced?: string, percent?: string) => {
      const name = plain ?? braced ?? percent;
      return name === undefined ? match : lookUp(match, name);
    });
    done.set(key, raw || file ? value : expanded);
  }
  return done;
}

/** Each variable after those its value names; undefined where they go in a circle. One that names itself does not. */
function inOrder(variables: readonly Unexpanded[]): readonly Unexpanded[] | undefined {
  const known = new Map(variables.map((variable) => [variable.key, variable]));
  const order: Unexpanded[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (variable: Unexpanded): boolean => {
    if (state.get(variable.key) === 'done') return true;
    if (state.get(variable.key) === 'open') return false;
    state.set(variable.key, 'open');
    for (const name of variable.raw || variable.file ? [] : namesIn(variable.value)) {
      const other = known.get(name);
      if (other !== undefined && name !== variable.key && !visit(other)) return false;
    }
    state.set(variable.key, 'done');
    order.push(variable);
    return true;
  };
  return variables.every(visit) ? order : undefined;
}

function namesIn(value: string): readonly string[] {
  return [...value.matchAll(written)].flatMap(
    ([, plain, braced, percent]) => plain ?? braced ?? percent ?? [],
  );
}
