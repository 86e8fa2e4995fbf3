import type { StoreTx } from '@tradewind/adapters/ledger/store';
import {
  botStatusDoc,
  strategyStatusDoc,
  type BotDoc,
  type BotStatusDoc,
} from '@tradewind/contracts/documents/bot';
import { paths } from '@tradewind/contracts/paths';
import type { EngineStatus } from '@tradewind/core/engine/engine';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import type { Block } from '@tradewind/core/strategy/blocking';
import type { Verdict } from '@tradewind/core/strategy/strategy';
import { actionThresholdOf } from '@tradewind/core/strategy/weighted/temperature';
import { weightedView } from '@tradewind/core/strategy/weighted/view';
import type { Decider } from './deciders.ts';

/** Three times the cycle's cadence, wall clock (ARC-40). */
const MAX_AGE_MS = 180_000;

/** Whose status: what identifies it also where it could not be made ready to decide. */
export type Who = Pick<
  Decider,
  'bot' | 'strategyId' | 'bookId' | 'marketKey' | 'symbol' | 'isPaused'
>;

/** What a status says anew; the rest stays as the last bar left it. */
type Told = {
  readonly block: Block | null;
  readonly failures: number;
  readonly evaluatedAt: EpochMs;
  readonly lastPrice: Price | null;
  /** Left out where no bar was judged. */
  readonly judged?: {
    readonly view: Verdict['view'];
    readonly lastBarCloseAt: EpochMs;
    readonly status: EngineStatus;
  };
};

/** What was known of somebody before. */
type KnownStatus = {
  readonly block: Block | null;
  readonly failures: number;
  readonly evaluatedAt: EpochMs;
};

/** One status document in one transaction: what it says, and how to say something else. */
export type StatusPage = {
  readonly known: KnownStatus | undefined;
  readonly write: (told: Told) => void;
};

/** What nobody has evaluated yet. */
const emptyBotStatus = (bot: BotDoc) => ({
  botId: bot.botId,
  bookId: bot.bookId,
  symbol: bot.symbol,
  action: 'HOLD' as const,
  score: null,
  rsiScore: null,
  maScore: null,
  macdScore: null,
  temperature: 'FROZEN' as const,
  confidence: 0,
  actionThreshold: actionThresholdOf(bot),
  progressPct: 0,
  confirmationStartedAt: null,
  confirmedAt: null,
  cooldownUntil: null,
  lastPrice: null,
  lastBarCloseAt: null,
});

const common = ({ block, failures, evaluatedAt }: Told) => ({
  ...{ failures, evaluatedAt, maxAgeMs: MAX_AGE_MS },
  block: block === null ? null : { ...block },
  canTrade: block === null,
});

async function botPage(tx: StoreTx, bot: BotDoc): Promise<StatusPage> {
  const path = paths.botStatus(bot.botId);
  const known = await tx.get(path, botStatusDoc);
  return {
    known: known === undefined ? undefined : { ...known, failures: known.failures ?? 0 },
    write: (told) => {
      const before: Omit<BotStatusDoc, 'canTrade' | 'block' | 'evaluatedAt' | 'maxAgeMs'> =
        known ?? emptyBotStatus(bot);
      const { judged } = told;
      tx.set(path, botStatusDoc, {
        ...before,
        // A strategy that failed has no view: the last one stays.
        ...(judged === undefined || judged.view === null ? {} : weightedView.parse(judged.view)),
        lastBarCloseAt: judged?.lastBarCloseAt ?? before.lastBarCloseAt,
        lastPrice: told.lastPrice ?? before.lastPrice,
        ...common(told),
      });
    },
  };
}

async function strategyPage(tx: StoreTx, who: Who): Promise<StatusPage> {
  const { strategyId, bookId, marketKey, symbol, isPaused } = who;
  const path = paths.strategyStatus(strategyId, marketKey);
  const known = await tx.get(path, strategyStatusDoc);
  return {
    known,
    write: (told) => {
      const { judged } = told;
      tx.set(path, strategyStatusDoc, {
        ...{ strategyId, bookId, marketKey, symbol },
        status: judged?.status ?? known?.status ?? (isPaused ? 'PAUSED' : 'RUNNING'),
        view: judged === undefined ? (known?.view ?? null) : copyOf(judged.view),
        lastBarCloseAt: judged?.lastBarCloseAt ?? known?.lastBarCloseAt ?? null,
        lastPrice: told.lastPrice ?? known?.lastPrice ?? null,
        ...common(told),
      });
    },
  };
}

const copyOf = (view: Verdict['view']) => (view === null ? null : { ...view });

/** The status document of a bot, or of a strategy on a market. */
export const statusPage = (tx: StoreTx, who: Who): Promise<StatusPage> =>
  who.bot === null ? strategyPage(tx, who) : botPage(tx, who.bot);
