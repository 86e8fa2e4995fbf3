import type { Store } from '@tradewind/adapters/ledger/store';
import { evaluationsDoc, type EvaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { paths } from '@tradewind/contracts/paths';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';
import { whyOf, whyText } from './why-text.ts';

/** Hours that are looked through: a day of one market. */
const MAX_HOURS = 24;

/** Whose journal, and how many changes of it. */
type Asked = { readonly strategyId: string; readonly bookId: string; readonly last: number };

/** The last hours of a bot or strategy, by market, newest first. */
async function hoursOf(store: Store, { bookId, strategyId }: Asked) {
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
export async function whyIn(store: Store, asked: Asked): Promise<Answer> {
  const { strategyId, bookId, last } = asked;
  const markets = await hoursOf(store, asked);
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

/** The same of a desk. */
export const readWhy = async (target: Target, asked: Asked): Promise<Answer> =>
  whyIn((await connect(target)).store, asked);
