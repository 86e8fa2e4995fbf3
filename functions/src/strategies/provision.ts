import type { Store, StoreTx } from '@tradewind/adapters/ledger/store';
import { activeMarkets, activeVersionOf } from '@tradewind/adapters/strategies/active-version';
import { readMarketsInUse } from '@tradewind/adapters/strategies/in-use';
import { strategyStateDoc, type StrategyStateDoc } from '@tradewind/contracts/documents/bot';
import {
  symbolOf,
  type StrategyDoc,
  type StrategyVersionDoc,
} from '@tradewind/contracts/documents/strategy';
import { paths } from '@tradewind/contracts/paths';
import { createEngine, type Engine } from '@tradewind/core/engine/decide';
import { restarted, restore, stored as asText } from '@tradewind/core/engine/restore';
import { err, ok, type Result } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { checkChoice, type Fault } from '@tradewind/strategies/check';

/** Before every bar: history is read anew. */
const NEVER = epochMs(0);

/** A strategy to be started in one market: the version that decides there, and where it left off. */
type Part = {
  readonly marketKey: string;
  readonly version: StrategyVersionDoc;
  readonly before: StrategyStateDoc | undefined;
  readonly isInUse: boolean;
};

async function partsOf(
  { firestore }: Pick<Store, 'firestore'>,
  tx: StoreTx,
  strategy: StrategyDoc,
): Promise<readonly Part[]> {
  const inUse = await readMarketsInUse({ firestore }, tx, strategy);
  const markets = activeMarkets(strategy, inUse);
  const states = await tx.getMany(
    markets.map((key) => paths.strategyState(strategy.strategyId, key)),
    strategyStateDoc,
  );
  const parts: Part[] = [];
  for (const [index, marketKey] of markets.entries()) {
    const before = states[index];
    const isInUse = inUse.has(marketKey);
    const version = await activeVersionOf(tx, strategy, { isInUse, stored: before });
    parts.push({ marketKey, version, before, isInUse });
  }
  return parts;
}

/** What the engine of a part begins with: what it remembers of a position that is open, and otherwise nothing. */
function beginning(engine: Engine, { before, isInUse }: Part, now: EpochMs) {
  const known = isInUse && before !== undefined ? restore(engine, before.state) : undefined;
  if (known?.ok !== true) return { state: asText(engine, engine.init()), lastBarCloseAt: NEVER };
  const state = restarted(engine, known.value, now);
  return { state: asText(engine, state), lastBarCloseAt: before?.lastBarCloseAt ?? NEVER };
}

/** What a strategy starts with: its states, one for each market, and the variants on trades that they read. */
export type Provisioned = {
  readonly states: readonly StrategyStateDoc[];
  readonly windows: readonly string[];
};

/**
 * What a strategy starts with (STR-90): writing it is all that provisions it (STR-38).
 * A strategy that cannot be run is everything that is wrong with it, and nothing is to be written.
 */
export async function provision(
  { store, live, now }: { readonly store: Store; readonly live: boolean; readonly now: EpochMs },
  tx: StoreTx,
  strategy: StrategyDoc,
): Promise<Result<Provisioned, readonly Fault[]>> {
  const { strategyId, bookId } = strategy;
  const faults: Fault[] = [];
  const states: StrategyStateDoc[] = [];
  const windows = new Set<string>();
  for (const part of await partsOf(store, tx, strategy)) {
    const { marketKey, version } = part;
    const prepared = checkChoice(version.strategy, { live });
    if (!prepared.ok) {
      faults.push(...prepared.error);
      continue;
    }
    for (const name of prepared.value.needs.windows) windows.add(name);
    const engine = createEngine({
      ...{ bookId, strategyId, marketKey, symbol: symbolOf(marketKey), base: '1m' },
      // Of no account for a state; evaluations use the market's own.
      grid: { tickSize: 1, lotSize: 1 },
      strategy: prepared.value,
      positionSizeQuote: version.positionSizeQuote,
    });
    const told = part.before?.told ?? { signals: [], position: null };
    const made = { strategyId, marketKey, botVersion: version.version, told, updatedAt: now };
    states.push({ ...made, ...beginning(engine, part, now) });
  }
  const distinct = new Map(faults.map((one) => [`${one.field} ${one.fault}`, one]));
  return faults.length === 0 ? ok({ states, windows: [...windows] }) : err([...distinct.values()]);
}

/** Writes them. */
export function writeStates(tx: StoreTx, states: readonly StrategyStateDoc[]): void {
  for (const state of states)
    tx.set(paths.strategyState(state.strategyId, state.marketKey), strategyStateDoc, state);
}
