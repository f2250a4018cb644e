import { runsInGitLab } from '../../components/gitlab/ci-context.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import type { Context } from '../../components/kernel/context.ts';
import { parseUsd } from '../../components/kernel/money.ts';
import { dearestOf, findPrice, readPrices } from '../../components/models/prices.ts';
import type { ModelName, Price } from '../../components/models/types.ts';
import { type Budget, createBudget } from '../../components/session/budget/budget.ts';
import { planLimits } from '../../components/session/budget/plan-limits.ts';
import { furtherModels } from '../../components/session/read-subagents.ts';
import type { AgentManifest } from '../../components/session/types.ts';
import type { DayAccount, DayLedger, DayLimits } from '../../components/stores/types.ts';
import type { BudgetInputs } from './budget-inputs.ts';
import type { RunPlace } from './run-place.ts';

export interface OpenBudget {
  readonly budget: Budget;
  /** What is to be said about it before the session begins. */
  readonly told: readonly string[];
  /** Undefined where nobody knows it, and then no budget is in money. */
  readonly priceOf: (name: ModelName) => Price | undefined;
  readonly close: () => Promise<void>;
}

/**
 * The budgets of a session, of its manifest and of its operator. Prices are the list's, or of a file of this checkout, which in
 * the trusted project is the trusted one; never of a manifest.
 * @throws SESSION_DAY_BUDGET, PRICE_UNKNOWN, PRICE_FILE, STORE_DATABASE
 */
export async function openBudget(
  context: Context,
  place: RunPlace,
  manifest: AgentManifest,
  inputs: BudgetInputs,
): Promise<OpenBudget> {
  const url = inputs['postgres-url']?.trim() ?? '';
  const { limits, isMoney, told } = planLimits({
    ...{ agent: manifest.name, manifest: manifest.limits, hasDatabase: url !== '' },
    operator: {
      session: sumOf(inputs.budget),
      projectDay: sumOf(inputs['budget-day']),
      enforcement: inputs.enforcement,
    },
  });
  const priceOf = await openPrices(context, inputs.prices, isMoney);
  // Whichever of them answers, what was reserved is enough.
  const { provider, rules } = manifest;
  const further = furtherModels(manifest).map((model) => ({ provider, model }));
  const price = dearestOf([manifest, ...rules.fallbacks, ...further].map(priceOf));
  const ledger = limits.day && (await openLedger(url, accountOf(context, place, manifest), limits.day));
  return {
    budget: createBudget({ limits, price, ledger }),
    ...{ told, priceOf },
    close: async () => ledger?.close(),
  };
}

/** The pattern of the input lets nothing else through. */
function sumOf(text: string): bigint | undefined {
  return text === '' ? undefined : parseUsd(text.replace(/^0+(?=\d)/, ''));
}

/** Without a budget in money a model may be one that nobody knows the price of: its calls are recorded without. */
async function openPrices(context: Context, file: string, isMoney: boolean): Promise<OpenBudget['priceOf']> {
  const table = await readPrices(context, file);
  return (name) => (isMoney ? findPrice(table, name) : table.get(name.provider)?.get(name.model));
}

async function openLedger(url: string, account: DayAccount, limits: DayLimits): Promise<DayLedger> {
  const { openPostgresLedger } = await import('../../components/stores/postgres-ledger.ts');
  return openPostgresLedger(url, account, limits);
}

/**
 * The project is that of the job, the agent the manifest's name in the project it is of: nothing here is a model's word. At a
 * terminal there is no project, and all counts as of one.
 */
function accountOf(context: Context, { target }: RunPlace, { name }: AgentManifest): DayAccount {
  if (!runsInGitLab(context.env)) return { project: 'local', agent: name };
  const [{ project }, { server }] = [requireCi(context, 'project'), requireCi(context, 'server')];
  const of = target.mergeRequest?.project ?? project.id;
  return { project: `${server.url} ${project.id}`, agent: `${of} ${name}` };
}
