import { createVenue } from '@tradewind/adapters/venue/create-venue';
import type { Venue, VenueOrder } from '@tradewind/adapters/venue/venue';
import { epochMs } from '@tradewind/core/lib/time';
import { clientOrderIdOf } from '@tradewind/core/lib/ids';
import { price, qty } from '@tradewind/core/lib/units';
import { FAULT_KINDS, type FaultKind } from '../src/rest/faults.ts';
import { KEY, SECRET, startSandbox } from './start.ts';

/** For each misbehaviour: what we are told, and whether the order is at the venue all the same. */
const expected: Record<FaultKind, { readonly kind: string; readonly exists: boolean }> = {
  '5xx': { kind: 'unknown', exists: false },
  '5xxAfter': { kind: 'unknown', exists: true },
  '429': { kind: 'notSent', exists: false },
  '418': { kind: 'notSent', exists: false },
  html: { kind: 'unknown', exists: true },
  empty: { kind: 'unknown', exists: true },
  rubbish: { kind: 'unknown', exists: true },
  slow: { kind: 'accepted', exists: true },
  timeoutBefore: { kind: 'unknown', exists: false },
  timeoutAfter: { kind: 'unknown', exists: true },
  disconnectBefore: { kind: 'unknown', exists: false },
  disconnectAfter: { kind: 'unknown', exists: true },
  bodyStall: { kind: 'unknown', exists: true },
};

/** What is never answered waits for the deadline; all else may take its time on a busy machine. */
const deadlineOf = (kind: FaultKind): number =>
  ['timeoutBefore', 'timeoutAfter', 'bodyStall'].includes(kind) ? 1_000 : 10_000;

/**
 * The contract that every adapter keeps, over HTTP against the sandbox in the venue's own dialect
 * (VEN-07). What only one kind of account has stands in tests of its own.
 */
const DIALECTS = [
  { market: 'spot', order: '/api/v3/order', info: '/api/v3/exchangeInfo' },
  { market: 'futures', order: '/fapi/v1/order', info: '/fapi/v1/exchangeInfo' },
] as const;

describe.each(DIALECTS)('an account of Binance $market (VEN-07, VEN-T01)', (dialect) => {
  let desk: Awaited<ReturnType<typeof startSandbox>>;
  let venue: Venue;

  const open = ({ secret = SECRET, deadlineMs = 10_000 } = {}): Venue =>
    createVenue({
      venue: 'binance',
      market: dialect.market,
      apiKey: KEY,
      apiSecret: secret,
      sandboxPort: desk.sandbox.port,
      clock: { wallNow: () => epochMs(Date.now()) },
      deadlineMs,
    });

  beforeEach(async () => {
    desk = await startSandbox();
    await desk.trade(['BTC-USDT', '50000'], ['ETH-USDT', '3000']);
    venue = open();
  });
  afterEach(async () => {
    await venue.close();
    await desk.sandbox.close();
  });

  const order = (over: Partial<VenueOrder> = {}): VenueOrder => ({
    clientOrderId: clientOrderIdOf(JSON.stringify({ ...over, quantity: 0, limitPrice: 0 }), 0),
    symbol: 'BTC-USDT',
    side: 'BUY',
    type: 'MARKET',
    quantity: qty('0.01'),
    limitPrice: null,
    timeInForce: 'GTC',
    ...over,
  });
  const resting = order({ type: 'LIMIT', limitPrice: price('40000') });

  /** What the venue says became of an order, fills included, once it is settled. */
  async function settled(wanted: VenueOrder) {
    for (;;) {
      const found = await venue.lookup(wanted.symbol, wanted.clientOrderId);
      if (found.kind !== 'found') throw new Error(`expected the order, got ${found.kind}`);
      if (found.report.status === 'ACKNOWLEDGED' || found.report.status === 'PARTIAL') continue;
      const { symbol, clientOrderId } = wanted;
      const { venueOrderId } = found.report;
      const fills = await venue.fills({ symbol, clientOrderId, venueOrderId });
      return { report: found.report, fills: fills.ok ? fills.value : [] };
    }
  }

  test('a market order fills, and look-up, fills and balances agree to the last digit', async () => {
    const sent = await venue.submit(order());
    expect(sent.kind).toBe('accepted');
    const { report, fills } = await settled(order());
    expect(report).toMatchObject({ status: 'FILLED', filledQuantity: qty('0.01') });
    const balances = await venue.balances();
    if (!balances.ok) throw new Error(balances.error.message);
    const { free = 0n, used = 0n } = balances.value['USDT'] ?? {};
    const fees = fills.reduce((sum, { fee }) => sum + fee, 0n);
    if (dialect.market === 'spot') {
      expect(balances.value['BTC']?.free).toBe(qty('0.01') - fees);
      expect(free).toBe(qty('10000') - report.filledQuote);
    } else expect(free + used).toBe(qty('10000') - fees);
    if (sent.kind === 'accepted' && sent.fills.length > 0) expect(sent.fills).toEqual(fills);
  });

  test('fills and orders since a time are those of the account, and all of them (EXE-18, EXE-63)', async () => {
    await venue.submit(order());
    const { fills } = await settled(order());
    const since = epochMs(Date.now() - 60_000);
    const read = await venue.fillsSince('BTC-USDT', since);
    expect(read.ok && read.value.map(({ fillId }) => fillId)).toEqual(
      fills.map(({ fillId }) => fillId),
    );
    await venue.submit(resting);
    const orders = await venue.ordersSince('BTC-USDT', since);
    expect(orders.ok && orders.value.map(({ type, symbol }) => [type, symbol])).toEqual([
      ['MARKET', 'BTC-USDT'],
      ['LIMIT', 'BTC-USDT'],
    ]);
    expect(await venue.fillsSince('ETH-USDT', since)).toEqual({ ok: true, value: [] });
  });

  test('a client order id that is open is a duplicate, to be looked up and not sent again (EXE-16)', async () => {
    await venue.submit(resting);
    expect(await venue.submit(resting)).toMatchObject({
      kind: 'unknown',
      error: { code: 'DuplicateClientId', retryable: false },
    });
    const listed = await venue.openOrders();
    expect(listed.ok && listed.value).toHaveLength(1);
  });

  test('a resting order is listed, cancelled once, and a second cancel says what became of it', async () => {
    expect(await venue.submit(resting)).toMatchObject({ kind: 'accepted' });
    const listed = await venue.openOrders();
    expect(listed.ok && listed.value.map((each) => each.clientOrderId)).toEqual([
      resting.clientOrderId,
    ]);
    const cancelled = { kind: 'found', report: { status: 'CANCELLED' } };
    expect(await venue.cancel('BTC-USDT', resting.clientOrderId)).toMatchObject(cancelled);
    expect(await venue.cancel('BTC-USDT', resting.clientOrderId)).toMatchObject(cancelled);
    expect(await venue.openOrders()).toEqual({ ok: true, value: [] });
  });

  test('cancel all reports each order, and none when there is none', async () => {
    await venue.submit(resting);
    expect(await venue.cancelAll('BTC-USDT')).toMatchObject({
      ok: true,
      value: [{ clientOrderId: resting.clientOrderId, status: 'CANCELLED' }],
    });
    expect(await venue.cancelAll('BTC-USDT')).toEqual({ ok: true, value: [] });
  });

  test('orders that the rules forbid are rejected with their reason', async () => {
    const small = order({ quantity: qty('0.00001') });
    const large = order({ quantity: qty('100') });
    expect(await venue.submit(small)).toMatchObject({
      kind: 'rejected',
      error: { code: 'OrderTooSmall' },
    });
    expect(await venue.submit(large)).toMatchObject({
      kind: 'rejected',
      error: { code: 'InsufficientBalance' },
    });
  });

  test('an order that never was is absent', async () => {
    expect(await venue.lookup('BTC-USDT', 'twnever')).toEqual({ kind: 'absent' });
    expect(await venue.cancel('BTC-USDT', 'twnever')).toEqual({ kind: 'absent' });
  });

  test('a wrong secret is an authentication error, and nothing was sent', async () => {
    await venue.close();
    venue = open({ secret: 'another-secret-0123456789' });
    expect(await venue.submit(order())).toMatchObject({
      kind: 'notSent',
      error: { code: 'AuthFailed', severity: 'CRITICAL' },
    });
  });

  test('instruments and candles come with exact numbers', async () => {
    const instruments = await venue.instruments(['BTC-USDT', 'ETH-USDT']);
    expect(instruments.ok && instruments.value.map(({ marketKey }) => marketKey)).toEqual([
      `binance_${dialect.market}_BTC-USDT`,
      `binance_${dialect.market}_ETH-USDT`,
    ]);
    const since = epochMs(Date.now() - 120_000);
    const candles = await venue.candles('BTC-USDT', { since, limit: 10 });
    expect(candles.ok && candles.value.at(-1)).toMatchObject({
      close: price('50000'),
      volume: qty('0.5'),
      buyVolume: qty('0.5'),
      trades: 1,
    });
  });

  test.each(FAULT_KINDS)(
    'after the fault %s a look-up tells what became of the order (ADR-0003, EXE-20)',
    async (kind) => {
      const { kind: told, exists } = expected[kind];
      venue = open({ deadlineMs: deadlineOf(kind) });
      await desk.admin('POST', 'faults', {
        match: { method: 'POST', path: dialect.order },
        kind,
        delayMs: 50,
      });
      expect((await venue.submit(order())).kind).toBe(told);
      const found = await venue.lookup('BTC-USDT', order().clientOrderId);
      expect(found.kind).toBe(exists ? 'found' : 'absent');
      if (exists) expect((await settled(order())).report.filledQuantity).toBe(qty('0.01'));
    },
  );

  test.each(FAULT_KINDS)(
    'a look-up during the fault %s never takes an order for absent (EXE-51)',
    async (kind) => {
      venue = open({ deadlineMs: deadlineOf(kind) });
      await venue.submit(order());
      await desk.admin('POST', 'faults', {
        match: { method: 'GET', path: dialect.order },
        kind,
        delayMs: 50,
      });
      const found = await venue.lookup('BTC-USDT', order().clientOrderId);
      expect(found.kind).toBe(kind === 'slow' ? 'found' : 'failed');
    },
  );

  test.each(FAULT_KINDS)('a start during the fault %s is over when the fault is', async (kind) => {
    venue = open({ deadlineMs: deadlineOf(kind) });
    await desk.admin('POST', 'faults', {
      match: { method: 'GET', path: dialect.info },
      kind,
      delayMs: 50,
    });
    expect((await venue.submit(order())).kind).toBe(kind === 'slow' ? 'accepted' : 'notSent');
    await desk.admin('DELETE', 'faults');
    expect(await venue.submit(order({ symbol: 'ETH-USDT' }))).toMatchObject({ kind: 'accepted' });
  });
});
