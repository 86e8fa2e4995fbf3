import { assetClassOf, sectorOf } from '../instrument/asset.ts';
import {
  addMoney,
  formatDecimal,
  notional,
  percentOf,
  ZERO_MONEY,
  type Money,
} from '../lib/units.ts';
import type { EntryCandidate, GateContext } from '../order/gate-context.ts';
import type { BlockingReason } from '../strategy/blocking.ts';
import { blocked, idle, passed, type Finding, type RiskCheck } from './check.ts';
import type { Limits } from './limits.ts';

type Held = { readonly marketKey: string; readonly symbol: string };

/**
 * What the book holds and has under way among `counts`, at current prices, rounded up; `null` when a price is missing.
 */
export function exposureOf(
  context: Pick<GateContext, 'positions' | 'workingIntents' | 'priceOf'>,
  counts: (held: Held) => boolean,
): Money | null {
  let total = ZERO_MONEY;
  for (const position of context.positions)
    if (counts(position)) {
      const price = context.priceOf(position.marketKey);
      if (price === undefined) return null;
      total = addMoney(total, notional(price, position.quantity, 'ceil'));
    }
  for (const intent of context.workingIntents)
    if ((intent.action === 'ENTER' || intent.action === 'ADD') && counts(intent))
      total = addMoney(total, notional(intent.expectedPrice, intent.quantity, 'ceil'));
  return total;
}

type Cap = {
  readonly check: string;
  readonly pct: number;
  readonly reason: BlockingReason;
  readonly what: string;
  readonly counts: (held: Held) => boolean;
};

/** Whether what is held and wanted stays within a share of equity; reaching it is allowed (RSK-34). */
function within({ wanted, context }: EntryCandidate, cap: Cap): Finding {
  const limit = percentOf(context.risk.equity, cap.pct, 'floor');
  const held = exposureOf(context, cap.counts);
  if (held === null)
    return blocked(
      { check: cap.check, value: null, limit },
      'stale_data',
      `What is held of ${cap.what} cannot be valued: a price is missing.`,
    );
  const total = addMoney(held, wanted);
  const measured = { check: cap.check, value: total, limit };
  return total <= limit
    ? passed(measured)
    : blocked(
        measured,
        cap.reason,
        `${formatDecimal(total)} in ${cap.what} is more than ${cap.pct} % of equity (${formatDecimal(limit)}).`,
      );
}

/** Share that the class of a market may have; `null` = any. */
function classPct(limits: Limits, marketKey: string, phase: GateContext['cryptoPhase']) {
  switch (assetClassOf(marketKey)) {
    case 'crypto':
      return limits.cryptoPct?.[phase] ?? null;
    case 'stocks':
      return limits.stocksPct;
    case 'options':
      return limits.optionsPct;
    case 'forex':
      return null;
  }
}

const ANY_CLASS = idle('classAllocation');
const ANY_SECTOR = idle('sectorAllocation');
const ANY_SYMBOL = idle('symbolAllocation');

/** Gate 11: the share of a class (RSK-20, RSK-70); that of crypto follows results (RSK-71). */
export const checkClassAllocation: RiskCheck<EntryCandidate> = (candidate) => {
  const { signal, context } = candidate;
  const { limits, cryptoPhase } = context;
  if (limits.cryptoPct === null && limits.stocksPct === null && limits.optionsPct === null)
    return ANY_CLASS;
  const pct = classPct(limits, signal.marketKey, cryptoPhase);
  if (pct === null) return ANY_CLASS;
  const own = assetClassOf(signal.marketKey);
  const what = own === 'crypto' ? `crypto (${cryptoPhase})` : own;
  const counts = ({ marketKey }: Held): boolean => assetClassOf(marketKey) === own;
  return within(candidate, { check: 'classAllocation', reason: 'allocation', pct, what, counts });
};

/** Gate 11: the share of a sector (RSK-21); all whose sector is not known are one (RSK-75). */
export const checkSectorAllocation: RiskCheck<EntryCandidate> = (candidate) => {
  const { signal, context } = candidate;
  const { sectorPct, unknownSectorPct } = context.limits;
  if (sectorPct === null && unknownSectorPct === null) return ANY_SECTOR;
  const own = sectorOf(signal.symbol);
  const pct = own === null ? unknownSectorPct : sectorPct;
  if (pct === null) return ANY_SECTOR;
  const what = own === null ? 'symbols of no known sector' : `the sector ${own}`;
  const counts = ({ symbol }: Held): boolean => sectorOf(symbol) === own;
  return within(candidate, { check: 'sectorAllocation', reason: 'allocation', pct, what, counts });
};

/** Gate 11: the share of a symbol over all strategies and venues (RSK-22). */
export const checkSymbolAllocation: RiskCheck<EntryCandidate> = (candidate) => {
  const { signal, context } = candidate;
  const pct = context.limits.symbolPct;
  if (pct === null) return ANY_SYMBOL;
  const counts = ({ symbol }: Held): boolean => symbol === signal.symbol;
  const what = signal.symbol;
  return within(candidate, {
    check: 'symbolAllocation',
    reason: 'concentration',
    pct,
    what,
    counts,
  });
};
