import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { ZERO_QTY, type Price } from '@tradewind/core/lib/units';
import { decideStop } from '@tradewind/core/portfolio/venue-stop';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import type { Guarded } from './guarded.ts';

/** A position is looked after again after this at the soonest: moves of its stop are coalesced (PF-46). */
const EVERY_MS = 2_000;
/** At a venue that holds no stops. */
const PAUSE_MS = 30_000;

/** Keeps the stops of positions at their venues as they should be. */
export type StopKeeper = {
  /** Once a second for every open position: looks whether its stop at the venue is as it should be, and sees to it. */
  readonly look: (guarded: Guarded) => void;
  /** Resolves when nothing is under way. */
  readonly settled: () => Promise<void>;
};

/** Reads a market's rules once; `undefined` until they are known. */
function createInstruments({ store, log }: ExecutionPorts) {
  const instruments = new Map<string, Instrument | 'asked'>();
  return (marketKey: string): Instrument | undefined => {
    const known = instruments.get(marketKey);
    if (known !== undefined) return known === 'asked' ? undefined : known;
    instruments.set(marketKey, 'asked');
    store.get(paths.market(marketKey), marketDoc).then(
      (market) => {
        if (market === undefined) instruments.delete(marketKey);
        else instruments.set(marketKey, market);
      },
      (error: unknown) => {
        instruments.delete(marketKey);
        log.warn('a market could not be read', { marketKey, error });
      },
    );
    return undefined;
  };
}

/** Whether the stop of a position is not as it should be, by what was seen of prices since the ledger was told. */
function isDue(
  { doc, protection }: Guarded,
  { instrument, atr }: { readonly instrument: Instrument; readonly atr: Price | null },
): boolean {
  const { venueStopOrderId, stopPrice, quantity } = doc.stop;
  const resting =
    venueStopOrderId === null || stopPrice === null
      ? null
      : { stopPrice, quantity, filled: ZERO_QTY };
  const position = { ...doc, protection };
  return decideStop({ position, instrument, resting, atr }).kind !== 'nothing';
}

/** ATR(15m) of a market in quote; `null` where it is not known (PF-46). */
export type AtrOf = (marketKey: string) => Price | null;

/** @param protect - how a position is seen to; tests give another one. */
export function createStopKeeper(
  ports: ExecutionPorts,
  atrOf: AtrOf = () => null,
  protect: typeof protectPosition = protectPosition,
): StopKeeper {
  const { clock, log } = ports;
  const instrumentOf = createInstruments(ports);
  const notBefore = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();

  const pause = (positionId: string, ms: number): void => {
    const now = clock.wallNow();
    for (const [id, at] of notBefore) if (at <= now) notBefore.delete(id);
    notBefore.set(positionId, now + ms);
  };
  const see = async ({ doc, protection }: Guarded, atr: Price | null): Promise<void> => {
    const { bookId, positionId, symbol } = doc;
    try {
      const outcome = await protect(ports, {
        ...{ bookId, positionId, highest: protection.highest },
        ...(atr === null ? {} : { atr }),
      });
      if (outcome !== 'nothing')
        log.info('protective stop', { bookId, positionId, symbol, outcome });
      pause(positionId, outcome === 'unsupported' ? PAUSE_MS : EVERY_MS);
    } catch (error) {
      log.error('a protective stop could not be seen to; tried again', { positionId, error });
      pause(positionId, EVERY_MS);
    }
  };
  return {
    look: (guarded) => {
      const { positionId, marketKey, strategyId } = guarded.doc;
      if (strategyId === EXTERNAL || underWay.has(positionId)) return;
      if (clock.wallNow() < (notBefore.get(positionId) ?? 0)) return;
      const instrument = instrumentOf(marketKey);
      const atr = atrOf(marketKey);
      if (instrument === undefined || !isDue(guarded, { instrument, atr })) return;
      const seeing = see(guarded, atr).finally(() => underWay.delete(positionId));
      underWay.set(positionId, seeing);
    },
    settled: async () => {
      await Promise.all(underWay.values());
    },
  };
}
