import { glob } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitCodes, type FailureKind } from '../../../components/kernel/failure.ts';
import type { FindingCode } from '../../../components/kernel/finding.ts';
import { rules as lintRules } from '../../../components/lint-ci/rules.gen.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';

interface FailureCode {
  readonly code: string;
  readonly kind: FailureKind;
  readonly exitCode: number;
  /** The message with `<fact>` where a fact stands. */
  readonly message: string;
  readonly fix: string;
}

/** Every code the product can report, from the modules that declare them. */
export async function collectCodes(): Promise<{ failures: FailureCode[]; findings: FindingCode[] }> {
  const failures: FailureCode[] = [];
  const findings: FindingCode[] = [...rules, ...lintRules];
  const files = await Array.fromAsync(glob('{components,scripts/dev}/**/{errors,findings}.ts'));
  for (const file of files.sort()) {
    const module = (await import(resolve(file))) as Record<string, Record<string, unknown>>;
    for (const entry of Object.values(module).flatMap((table) => Object.values(table))) {
      if (typeof entry === 'function') failures.push(describe(entry as unknown as Factory));
      else findings.push(entry as FindingCode);
    }
  }
  const byCode = (a: { code: string }, b: { code: string }) => (a.code < b.code ? -1 : 1);
  return { failures: failures.sort(byCode), findings: findings.sort(byCode) };
}

interface Factory {
  readonly code: string;
  readonly row: {
    readonly kind: FailureKind;
    readonly fix: string;
    readonly message: (facts: unknown) => string;
  };
}

function describe({ code, row }: Factory): FailureCode {
  // A message is a template over facts, so facts that print their own names give its text; as lists of one they
  // also pass for lists.
  const facts = new Proxy(
    {},
    { get: (_, name) => Object.assign([`<${String(name)}>`], { toJSON: () => `<${String(name)}>` }) },
  );
  return { code, kind: row.kind, exitCode: exitCodes[row.kind], message: row.message(facts), fix: row.fix };
}
