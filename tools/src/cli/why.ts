import type { Store } from '@tradewind/adapters/ledger/store';
import { evaluationsDoc, type EvaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { paths } from '@tradewind/contracts/paths';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';
import { whyOf, whyText } from './why-text.ts';

/** Hours that are looked through: a day of one market. */
const MAX_HOURS = 24;

/** The last hours of a bot or strategy, by market, newest first. */
async function hoursOf({ store }: { store: Store }, bookId: string, strategyId: string) {
  const hours = await store.query(
    store.firestore
      .collection(paths.evaluations(bookId))
      .where('strategyId', '==', strategyId)
      .orderBy('hourAt', 'desc')
      .limit(MAX_HOURS),
    evaluationsDoc,
  );
  const byMarket = new Map<string, [EvaluationsDoc, ...EvaluationsDoc[]]>();
  for (const hour of hours) {
    const known = byMarket.get(hour.marketKey);
    if (known === undefined) byMarket.set(hour.marketKey, [hour]);
    else known.push(hour);
  }
  return [...byMarket.values()];
}

/** Why a bot or strategy does not trade, on each of its markets (STR-04). */
export async function readWhy(
  target: Target,
  asked: { readonly strategyId: string; readonly bookId: string; readonly last: number },
): Promise<Answer> {
  const { strategyId, bookId, last } = asked;
  const { store } = await connect(target);
  const markets = await hoursOf({ store }, bookId, strategyId);
  if (markets.length === 0)
    return {
      ok: false,
      text: `Nothing is on record of "${strategyId}" in book "${bookId}". Is it running, and has a bar closed since it started?`,
      data: { strategyId, bookId, markets: [] },
    };
  const whys = markets.map((hours) => whyOf(hours, last));
  return {
    ok: true,
    text: whys.map(whyText).join('\n\n'),
    data: { strategyId, bookId, markets: whys },
  };
}
