import { positionDoc, type PositionDoc } from '@tradewind/contracts/documents/book';
import { paths } from '@tradewind/contracts/paths';
import type { Price } from '@tradewind/core/lib/units';
import { TOLERANCES } from '@tradewind/core/market/freshness';
import type { CloseReason } from '@tradewind/core/order/intent';
import { createCoalescer, type Coalescer } from './coalescer.ts';
import { createExitRequests, type ExitRequest, type ExitRequests } from './exit-requests.ts';
import {
  adopt,
  isWorthWriting,
  replay,
  watch,
  withExtremes,
  type Extremes,
  type Guarded,
  type Missed,
} from './guarded.ts';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { createStopKeeper, type AtrOf } from './stop-keeper.ts';

/** Stops, targets and trailing stops of all open positions, judged on every trade (EXE-02, PF-41). */
export type PositionGuard = {
  readonly update: (position: PositionDoc) => void;
  readonly remove: (bookId: string, positionId: string) => void;
  readonly onTrade: (marketKey: string, price: Price) => void;
  readonly onGap: (marketKey: string, missed: readonly Missed[]) => void;
  /** Once a second: looks at the last prices again, and writes extremes that moved. */
  readonly tick: () => void;
  /** Nothing triggers and nothing is written any more. */
  readonly halt: () => void;
  /** An orderly end: halts; exits on their way and extremes are waited for. */
  readonly close: () => Promise<void>;
};

type Entry = { guarded: Guarded; readonly exits: ExitRequests };

/** Writes the extremes of a position, by path: at most once a second, and only ever tighter (PF-45). */
function createExtremes({ store, clock, log }: ExecutionPorts): Coalescer<Extremes> {
  return createCoalescer<Extremes>({
    everyMs: 1_000,
    wallNow: clock.wallNow,
    write: (path, seen) =>
      store.transact(async (tx) => {
        const position = await tx.get(path, positionDoc);
        const next = position === undefined ? undefined : withExtremes(position, seen);
        if (next === undefined) return;
        const version = next.version + 1;
        tx.set(path, positionDoc, { ...next, version, updatedAt: clock.wallNow() });
      }),
    onError: (path, error) => {
      log.warn('a trailing stop could not be written; it holds in memory', { path, error });
    },
  });
}

/**
 * Last prices by market; one that is too old is none, since no stop may fire on it: a market that is
 * halted trades nowhere (MD-68).
 */
function createLastPrices({ clock }: ExecutionPorts) {
  const prices = new Map<string, { readonly price: Price; readonly seenAt: number }>();
  return {
    set: (marketKey: string, price: Price): void => {
      prices.set(marketKey, { price, seenAt: clock.wallNow() });
    },
    get: (marketKey: string): Price | undefined => {
      const last = prices.get(marketKey);
      const isYoung =
        last !== undefined && clock.wallNow() - last.seenAt <= TOLERANCES.protection.maxMs;
      return isYoung ? last.price : undefined;
    },
  };
}

const newEntry = (
  ports: ExecutionPorts,
  { doc, exit }: { readonly doc: PositionDoc; readonly exit: ExitRequest | undefined },
): Entry => ({ guarded: adopt(undefined, doc), exits: createExitRequests(ports, exit) });

const inMarket = (entries: ReadonlyMap<string, Entry>, marketKey: string): Entry[] =>
  [...entries.values()].filter(({ guarded }) => guarded.doc.marketKey === marketKey);

export function createPositionGuard(
  ports: ExecutionPorts,
  exit?: ExitRequest,
  atrOf?: AtrOf,
): PositionGuard {
  const entries = new Map<string, Entry>();
  const prices = createLastPrices(ports);
  const extremes = createExtremes(ports);
  const stops = createStopKeeper(ports, atrOf);
  let halted = false;

  const act = ({ guarded, exits }: Entry, trigger: CloseReason | null, price: Price): void => {
    if (trigger !== null && !halted) exits.wish(guarded.doc, trigger, price);
  };
  const judge = (entry: Entry, price: Price): void => {
    const step = watch(entry.guarded, price, ports.clock.marketNow());
    entry.guarded = step.guarded;
    act(entry, step.trigger, price);
  };

  return {
    update: (doc) => {
      const path = paths.position(doc.bookId, doc.positionId);
      const known = entries.get(path);
      if (known !== undefined) known.guarded = adopt(known.guarded, doc);
      else entries.set(path, newEntry(ports, { doc, exit }));
    },
    remove: (bookId, positionId) => void entries.delete(paths.position(bookId, positionId)),
    onTrade: (marketKey, price) => {
      prices.set(marketKey, price);
      for (const entry of inMarket(entries, marketKey)) judge(entry, price);
    },
    onGap: (marketKey, missed) => {
      for (const entry of inMarket(entries, marketKey)) {
        const step = replay(entry.guarded, missed);
        entry.guarded = step.guarded;
        const price = prices.get(marketKey) ?? missed.at(-1)?.close;
        if (price !== undefined) act(entry, step.trigger, price);
      }
    },
    tick: () => {
      if (halted) return;
      for (const [path, entry] of entries) {
        const price = prices.get(entry.guarded.doc.marketKey);
        if (price !== undefined) judge(entry, price);
        stops.look(entry.guarded);
        if (isWorthWriting(entry.guarded)) extremes.offer(path, entry.guarded.protection);
      }
      extremes.flush();
    },
    halt: () => {
      halted = true;
    },
    close: async () => {
      halted = true;
      await Promise.all([...entries.values()].map(({ exits }) => exits.settled()));
      await Promise.all([stops.settled(), extremes.drain()]);
    },
  };
}
