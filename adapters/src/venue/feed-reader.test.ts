import { epochMs } from '@tradewind/core/lib/time';
import { price, qty } from '@tradewind/core/lib/units';
import { openStream, type CcxtSocket, type StreamClient } from './ccxt-clients.ts';
import { createInbox } from './feed-inbox.ts';
import { createLines } from './feed-lines.ts';
import { createReader } from './feed-reader.ts';

const T0 = 1_795_000_000_000;
const forever = new AbortController().signal;

/** A connection that nothing goes out on: ccxt only tells those who wait, and nobody does. */
const socketAt = (url: string): CcxtSocket =>
  Object.assign(
    { log: () => undefined },
    { url, subscriptions: {}, futures: {}, resolve: (x: unknown) => x },
  );

/** ccxt's client of `venue` with one spot market, and our reader at the end of its handlers. */
async function openVenue(venue: string, id: string) {
  const client = await openStream(venue, { options: { defaultType: 'spot' } });
  if (client === undefined) throw new Error(`ccxt has no ${venue}`);
  const [base, quote] = ['BTC', 'USDT'];
  const market = { id, symbol: 'BTC/USDT', base, quote, baseId: base, quoteId: quote };
  const kind = { type: 'spot', spot: true, contract: false, active: true, info: {} };
  client.setMarkets([{ ...market, ...kind }]);
  const inbox = createInbox(() => epochMs(T0));
  const lines = createLines({ venue, market: 'spot' }, () => undefined);
  const clock = { arrivedAt: () => epochMs(T0 + 5), marketNow: () => epochMs(T0) };
  const reader = createReader({ venue, market: 'spot' }, { inbox, lines, clock });
  reader.attach({ client });
  return { client, inbox, lines };
}

const frames: readonly {
  readonly venue: string;
  readonly id: string;
  readonly url: string;
  readonly trade: (tradeId: string) => unknown;
}[] = [
  {
    venue: 'bybit',
    id: 'BTCUSDT',
    url: 'wss://stream.bybit.com/v5/public/spot',
    trade: (i) => ({
      topic: 'publicTrade.BTCUSDT',
      type: 'snapshot',
      ts: T0,
      data: [{ T: T0, s: 'BTCUSDT', S: 'Buy', v: '0.00123', p: '50000.10', i, BT: false }],
    }),
  },
  {
    venue: 'okx',
    id: 'BTC-USDT',
    url: 'wss://ws.okx.com:8443/ws/v5/public',
    trade: (tradeId) => ({
      arg: { channel: 'trades', instId: 'BTC-USDT' },
      data: [
        { instId: 'BTC-USDT', tradeId, px: '50000.10', sz: '0.00123', side: 'buy', ts: `${T0}` },
      ],
    }),
  },
  {
    venue: 'kraken',
    id: 'BTC/USDT',
    url: 'wss://ws.kraken.com/v2',
    trade: (id) => ({
      channel: 'trade',
      type: 'update',
      data: [
        {
          symbol: 'BTC/USDT',
          side: 'buy',
          price: 50_000.1,
          qty: 0.00123,
          ord_type: 'market',
          trade_id: Number(id),
          timestamp: new Date(T0).toISOString(),
        },
      ],
    }),
  },
];

describe.each(frames)("ccxt's own handlers of $venue", ({ venue, id, url, trade }) => {
  const send = (client: StreamClient, message: unknown): void => {
    client.handleMessage(socketAt(url), message);
  };

  test('MD-20 bring each trade once, with its exact decimals and its time of arrival', async () => {
    const { client, inbox, lines } = await openVenue(venue, id);
    lines.subscribe('BTC-USDT', 'trades');
    for (const tradeId of ['101', '102', '102', '103']) send(client, trade(tradeId));
    const { trades, faults } = await inbox.next(forever);
    expect(faults).toEqual([]);
    expect(trades.map(({ tradeId }) => tradeId)).toEqual(['101', '102', '103']);
    expect(trades[0]).toEqual({
      marketKey: `${venue}_spot_BTC-USDT`,
      tradeId: '101',
      price: price('50000.1'),
      size: qty('0.00123'),
      side: 'buy',
      at: T0,
      receivedAt: T0 + 5,
    });
  });

  test('MD-24 leave out what nobody wants any more', async () => {
    const { client, inbox, lines } = await openVenue(venue, id);
    lines.subscribe('BTC-USDT', 'trades')();
    send(client, trade('101'));
    lines.subscribe('BTC-USDT', 'trades');
    send(client, trade('102'));
    const { trades } = await inbox.next(forever);
    expect(trades.map(({ tradeId }) => tradeId)).toEqual(['102']);
  });
});

test('MD-02 a best bid and ask of any venue is a quote; a crossed one is a fault', async () => {
  const { client, inbox, lines } = await openVenue('okx', 'BTC-USDT');
  lines.subscribe('BTC-USDT', 'quotes');
  const caches = client.bidsasks as Record<string, unknown>;
  const ticker = { symbol: 'BTC/USDT', bid: 1.5, ask: 2, bidVolume: 3, timestamp: T0 };
  caches['BTC/USDT'] = ticker;
  caches['BTC/USDT'] = { ...ticker, bid: 2.5 };
  caches['ETH/USDT'] = ticker;
  expect(await inbox.next(forever)).toMatchObject({
    quotes: [{ bid: price('1.5'), bidSize: qty('3'), ask: price('2'), askSize: 0n, at: T0 }],
    faults: [{ kind: 'unreadable', marketKey: 'okx_spot_BTC-USDT', count: 1 }],
  });
  expect(caches['BTC/USDT']).toMatchObject({ bid: 2.5 });
});
