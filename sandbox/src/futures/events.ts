import type { Instrument } from '@tradewind/core/instrument/instrument';
import type { EpochMs } from '@tradewind/core/lib/time';
import {
  averagePrice,
  formatDecimal,
  moneyOf,
  negMoney,
  ZERO_PRICE,
  ZERO_QTY,
} from '@tradewind/core/lib/units';
import { isWaiting } from '@tradewind/core/simulation/triggers';
import {
  setupOf,
  type SimEvent,
  type SimFill,
  type SimOrder,
  type SimState,
} from '@tradewind/core/simulation/state';
import { fixed8 } from '../rest/render.ts';
import { venueSymbol } from '../symbols.ts';
import { regularId, renderAlgo, renderRegular } from './render.ts';

/** What happened to an order, by the event that tells it. */
const EXECUTION = {
  accepted: 'NEW',
  triggered: 'NEW',
  filled: 'TRADE',
  cancelled: 'CANCELED',
  expired: 'EXPIRED',
} as const;

/** `ORDER_TRADE_UPDATE`: an order of the book changed. */
function orderEvent(
  order: SimOrder,
  instrument: Instrument,
  {
    type,
    fill,
    now,
  }: { readonly type: string; readonly fill: SimFill | null; readonly now: EpochMs },
) {
  const body = renderRegular(order, instrument);
  return {
    e: 'ORDER_TRADE_UPDATE',
    E: now,
    T: order.updatedAt,
    o: {
      s: body.symbol,
      c: regularId(order),
      S: order.side,
      o: body.type,
      f: order.timeInForce,
      q: body.origQty,
      p: body.price,
      ap: body.avgPrice,
      sp: '0',
      x: type,
      X: order.status,
      i: order.orderId,
      l: fixed8(fill?.quantity ?? ZERO_QTY),
      z: body.executedQty,
      L: fixed8(fill?.price ?? ZERO_PRICE),
      N: fill?.feeAsset ?? instrument.quote,
      n: fill === null ? '0' : fixed8(fill.fee),
      T: order.updatedAt,
      t: fill?.fillId ?? 0,
      m: fill?.liquidity === 'maker',
      R: order.reduceOnly,
      wt: 'CONTRACT_PRICE',
      ot: body.type,
      ps: order.positionSide,
      cp: false,
      rp: fill === null ? '0' : formatDecimal(fill.realized),
    },
  };
}

/** `ALGO_UPDATE`: an order that waits changed. */
function algoEvent(order: SimOrder, instrument: Instrument, now: EpochMs) {
  const body = renderAlgo(order, instrument);
  return {
    e: 'ALGO_UPDATE',
    E: now,
    T: order.updatedAt,
    o: {
      caid: body.clientAlgoId,
      aid: body.algoId,
      at: body.algoType,
      o: body.orderType,
      s: body.symbol,
      S: body.side,
      ps: body.positionSide,
      f: body.timeInForce,
      q: body.quantity,
      X: body.algoStatus,
      ai: body.actualOrderId,
      tp: body.triggerPrice,
      p: body.price,
      wt: body.workingType,
      R: body.reduceOnly,
    },
  };
}

/** `ACCOUNT_UPDATE`: wallet and positions after something changed them. */
function accountEvent(
  event: Extract<SimEvent, { readonly kind: 'futures' }>,
  { state, instruments, now }: Place,
) {
  return {
    e: 'ACCOUNT_UPDATE',
    E: now,
    T: event.at,
    a: {
      m: 'ORDER',
      B: [{ a: 'USDT', wb: formatDecimal(event.wallet), cw: formatDecimal(event.wallet), bc: '0' }],
      P: event.positions.map((position) => {
        const amount = moneyOf(position.quantity);
        const entry =
          position.quantity > 0n
            ? averagePrice(position.cost, position.quantity, 'floor')
            : ZERO_PRICE;
        return {
          s: venueSymbol(instruments[position.marketKey]?.symbol ?? ''),
          pa: formatDecimal(position.side === 'LONG' ? amount : negMoney(amount)),
          ep: formatDecimal(entry),
          up: '0',
          mt: setupOf(state.futures, position.marketKey).marginMode,
          iw: formatDecimal(position.margin),
          ps: position.positionSide,
        };
      }),
    },
  };
}

type Place = {
  readonly state: SimState;
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly now: EpochMs;
};

/** An event of the futures account as its private stream tells it; several, where it says it twice. */
export function futuresEvents(event: SimEvent, place: Place): readonly object[] {
  if (event.kind === 'futures') return [accountEvent(event, place)];
  if (!('order' in event)) return [];
  const { order } = event;
  const { now } = place;
  const instrument = place.instruments[order.marketKey];
  if (instrument === undefined) throw new Error('Invariant: an order is of a listed market');
  const waits = order.stopPrice !== null ? [algoEvent(order, instrument, now)] : [];
  if (isWaiting(order)) return waits;
  const fill = event.kind === 'filled' ? event.fill : null;
  return [...waits, orderEvent(order, instrument, { type: EXECUTION[event.kind], fill, now })];
}
