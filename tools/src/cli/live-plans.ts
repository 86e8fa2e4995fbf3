import type { Store } from '@tradewind/adapters/ledger/store';
import { bookDoc, tradeDoc } from '@tradewind/contracts/documents/book';
import { performanceDoc } from '@tradewind/contracts/documents/performance';
import { paths } from '@tradewind/contracts/paths';
import {
  expectLive,
  type LiveExpectation,
  type PaperFigures,
} from '@tradewind/core/portfolio/expect-live';

/** What a paper book made, and what to plan with where the same is traded live (EXE-81). */
export type LivePlan = {
  readonly bookId: string;
  readonly name: string;
  readonly paper: PaperFigures;
  readonly live: LiveExpectation;
};

/** Round trips whose slippage is looked at, the newest. */
const RECENT = 100;

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

async function slippageOf(store: Store, bookId: string): Promise<number | null> {
  const newest = store.firestore
    .collection(paths.trades(bookId))
    .orderBy('closedAt', 'desc')
    .limit(RECENT);
  const trades = await store.query(newest, tradeDoc);
  return meanOf(
    trades.flatMap(({ slippageInPct, slippageOutPct }) =>
      [slippageInPct, slippageOutPct].filter((value) => value !== null),
    ),
  );
}

/** A plan for every paper book that has made or lost something. */
export async function readPlans(store: Store): Promise<readonly LivePlan[]> {
  const ofPaper = store.firestore.collection(paths.books).where('mode', '==', 'paper');
  const plans: LivePlan[] = [];
  for (const { bookId, name } of await store.query(ofPaper, bookDoc)) {
    const whole = await store.get(paths.performance(bookId, 'book'), performanceDoc);
    const returnPct = whole?.figures.returnPct ?? null;
    if (returnPct === null) continue;
    const paper = { returnPct, slippagePct: await slippageOf(store, bookId) };
    plans.push({ bookId, name, paper, live: expectLive(paper) });
  }
  return plans;
}

const percent = (value: number, digits: number): string => `${value.toFixed(digits)} %`;

function slippageText({ paper, live }: LivePlan): string {
  if (paper.slippagePct === null || live.slippagePct === null) return 'slippage not known';
  const [least, most] = live.slippagePct.map((value) => percent(value, 3));
  return `slippage ${percent(paper.slippagePct, 3)}, live ${least ?? ''} to ${most ?? ''}`;
}

/** One line a plan. */
export const planText = (plan: LivePlan): string =>
  `  ${plan.name}: return ${percent(plan.paper.returnPct, 2)}, live ${percent(plan.live.returnPct, 2)}; ${slippageText(plan)}`;
