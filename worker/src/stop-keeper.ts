import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { protectPosition } from '@tradewind/adapters/execution/protect-position';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { ZERO_QTY } from '@tradewind/core/lib/units';
import { decideStop } from '@tradewind/core/portfolio/venue-stop';
import { EXTERNAL } from '@tradewind/core/portfolio/external';
import type { Guarded } from './guarded.ts';

/** A position is looked after again after this at the soonest: moves of its stop are coalesced (PF-46). */
const EVERY_MS = 2_000;
/** After a look that failed, or at a venue that holds no stops. */
const PAUSE_MS = 30_000;

/** Keeps the stops of positions at their venues as they should be. */
export type StopKeeper = {
  /** Once a second for every open position: looks whether its stop at the venue is as it should be, and sees to it. */
  readonly look: (guarded: Guarded) => void;
  readonly forget: (positionId: string) => void;
  /** Resolves when nothing is under way. */
  readonly settled: () => Promise<void>;
};

/** @param protect - how a position is seen to; tests give another one. */
export function createStopKeeper(
  ports: ExecutionPorts,
  protect: typeof protectPosition = protectPosition,
): StopKeeper {
  const { store, clock, log } = ports;
  const instruments = new Map<string, Instrument | 'asked'>();
  const notBefore = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();

  /** The venue's rules of a market: read once; `undefined` until they are known. */
  const instrumentOf = (marketKey: string): Instrument | undefined => {
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
  const isDue = ({ doc, protection }: Guarded, instrument: Instrument): boolean => {
    const { venueStopOrderId, stopPrice, quantity } = doc.stop;
    const resting =
      venueStopOrderId === null || stopPrice === null
        ? null
        : { stopPrice, quantity, filled: ZERO_QTY };
    const position = { ...doc, protection };
    return decideStop({ position, instrument, resting, atr: null }).kind !== 'nothing';
  };
  const see = async ({ doc, protection }: Guarded): Promise<void> => {
    const { bookId, positionId, symbol } = doc;
    const wish = { bookId, positionId, highest: protection.highest };
    let pauseMs = PAUSE_MS;
    try {
      const outcome = await protect(ports, wish);
      if (outcome !== 'unsupported') pauseMs = EVERY_MS;
      if (outcome !== 'nothing')
        log.info('protective stop', { bookId, positionId, symbol, outcome });
    } catch (error) {
      pauseMs = EVERY_MS;
      log.error('a protective stop could not be seen to; tried again', { positionId, error });
    }
    notBefore.set(positionId, clock.wallNow() + pauseMs);
  };
  return {
    look: (guarded) => {
      const { positionId, marketKey, strategyId } = guarded.doc;
      if (strategyId === EXTERNAL || underWay.has(positionId)) return;
      if (clock.wallNow() < (notBefore.get(positionId) ?? 0)) return;
      const instrument = instrumentOf(marketKey);
      if (instrument === undefined || !isDue(guarded, instrument)) return;
      const seeing = see(guarded).finally(() => underWay.delete(positionId));
      underWay.set(positionId, seeing);
    },
    forget: (positionId) => void notBefore.delete(positionId),
    settled: async () => {
      await Promise.all(underWay.values());
    },
  };
}
