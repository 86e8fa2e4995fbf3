import { sourcesVersion } from '@tradewind/adapters/config/code-version';
import { replayTrading, tradingOf } from '@tradewind/adapters/parity/replay-book';
import type { EpochMs } from '@tradewind/core/lib/time';
import { scorePct, type Parity } from '@tradewind/core/parity/replay-recording';
import { strategyById } from '@tradewind/strategies/registry';
import type { Answer } from '../cli/answer.ts';
import { connect, type Target } from '../cli/connect.ts';
import { Fault } from '../lib/fault.ts';
import { parityTable } from './table.ts';

/** What is to be replayed. */
type Wanted = {
  readonly bookId: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly bot?: string;
  /** Of the repository: what decides now. */
  readonly root: string;
};

/** Replays what a book decided in some time. @throws Fault when there is nobody of that name, or no such time. */
export async function replay(target: Target, wanted: Wanted): Promise<Answer> {
  const { bookId, from, to, bot, root } = wanted;
  if (to <= from) throw new Fault('--to must be later than --from.');
  const { store } = await connect(target);
  const all = await tradingOf(store, bookId);
  const chosen = all.filter(({ strategyId }) => bot === undefined || strategyId === bot);
  if (chosen.length === 0)
    throw new Fault(
      `There is no ${bot === undefined ? 'bot or strategy' : `"${bot}"`} in book "${bookId}". ` +
        `It has: ${all.map(({ strategyId }) => strategyId).join(', ')}.`,
    );
  const replayer = { strategyById, code: sourcesVersion(root) };
  const parities: Parity[] = [];
  for (const trading of chosen)
    parities.push(...(await replayTrading(store, trading, { bookId, from, to, replayer })));
  const differences = parities.flatMap((one) => one.differences);
  const isWhole = parities.every(({ evaluations, equal }) => evaluations === equal);
  return {
    ok: isWhole && differences.length === 0,
    text: parityTable(parities),
    data: {
      bookId,
      bots: parities.map((one) => ({
        bot: one.bot,
        market: one.market,
        evaluations: one.evaluations,
        equal: one.equal,
        scorePct: scorePct(one),
      })),
      differences,
    },
  };
}
