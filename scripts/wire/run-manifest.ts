import { digest, digestBytes, type JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Finding } from '../../components/kernel/finding.ts';
import { checkText } from '../../components/manifest/check.ts';
import { rules } from '../../components/manifest/rules.gen.ts';
import { digestChoices, planChoices } from '../../components/proposals/choices.ts';
import type {
  DeclaredAnswer,
  DeclaredLoop,
  DeclaredTools,
} from '../../components/proposals/extension.gen.ts';
import { readExtension } from '../../components/proposals/extension.ts';
import { checkAnswer, checkDeclared } from '../../components/session/check-declared.ts';
import { sessionFindings } from '../../components/session/findings.ts';
import { contentOf } from '../../components/session/manifest-changes.ts';
import { findingsOf, readManifest } from '../../components/session/read-manifest.ts';
import type { AnswerRules, SessionManifest } from '../../components/session/types.ts';
import { knownTools, type Missing } from '../../components/tools/declared/known.ts';
import { tools } from '../../components/tools/registry.gen.ts';
import type { RunPlace } from './run-place.ts';

/** A manifest that can be run, with what it may propose, and what is to be said about it. */
export type CheckedRunnable =
  | ({ readonly ok: true; readonly findings: readonly Finding[] } & Pick<Parts, 'manifest' | 'conditions'> & {
        readonly choices: ReturnType<typeof planChoices>;
        /** What `extensions.pipewright` says of tools. */
        readonly declared: DeclaredTools;
        /** The program that is the agent. */
        readonly loop: DeclaredLoop | undefined;
        /** What an agent is to answer. */
        readonly answer: AnswerRules | undefined;
        /** The whole document. */
        readonly data: unknown;
      })
  | { readonly ok: false; readonly findings: readonly Finding[] };

type Read = Awaited<ReturnType<typeof readManifest>>;
type Parts = Read & { readonly manifest: NonNullable<Read['manifest']> };

/** A session reads these itself, and what it says of them is about what it would do. */
const own = ['condition-checks', 'pipewright-extension'];
const rulesOfRun = rules.filter(({ id }) => !own.includes(id));

/**
 * Holds a manifest against OSSA and the rules first, and reads what a run uses of it then. Every mistake is told.
 * @param missing - what the tools of an agent do not find where it is run, by what it declares
 */
export async function readRunnable(
  { path, text }: RunPlace['manifest'],
  missing: (declared: DeclaredTools) => Missing,
): Promise<CheckedRunnable> {
  const { findings } = await checkText(path, text, rulesOfRun);
  if (hasErrors(findings)) return { ok: false, findings };
  const toolsOf = (document: unknown) => {
    const declared = readExtension(document).extension.tools ?? {};
    return knownTools(tools, declared, missing(declared));
  };
  const { manifest, conditions, data, issues } = await readManifest(path, text, toolsOf);
  const { extension, issues: broken } = readExtension(data);
  const placed = broken.map((issue) => ({ ...issue, code: sessionFindings.EXTENSION }));
  const wrong = await checkDeclared(data, extension);
  const loop = manifest?.kind === 'Agent' ? extension.loop : undefined;
  const unanswerable = manifest && (await checkAnswer(data, manifest.kind, extension.answer));
  const told = [...issues, ...placed, ...wrong, ...(unanswerable ?? [])];
  const all = [...findings, ...(await findingsOf(path, text, told))];
  if (manifest === undefined || hasErrors(all)) return { ok: false, findings: all };
  const choices = planChoices(extension, manifest.name);
  const declared = extension.tools ?? {};
  const answer = manifest.kind === 'Agent' ? answerRules(extension.answer) : undefined;
  return { ok: true, manifest, conditions, choices, declared, loop, answer, data, findings: all };
}

function answerRules(declared: DeclaredAnswer | undefined): AnswerRules | undefined {
  if (declared === undefined) return undefined;
  // What YAML gives is JSON throughout, where its own schema has let it through.
  const schema = declared.schema as unknown as JsonValue;
  return { schema, digest: digest(schema), description: declared.description };
}

/** What a session records of its manifest. */
export function sourceOf(
  { redact }: Pick<Context, 'redact'>,
  { path, text }: RunPlace['manifest'],
  { data, choices }: Extract<CheckedRunnable, { ok: true }>,
): SessionManifest {
  const content = contentOf(data, redact);
  return {
    ...{ path, digest: digestBytes(text), choices: digestChoices(choices) },
    ...(content === undefined ? {} : { content }),
  };
}

function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}
