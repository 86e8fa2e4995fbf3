import { refreshInstruments } from '@tradewind/adapters/market/refresh-instruments';
import { createVenue } from '@tradewind/adapters/venue/create-venue';
import { marketDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import type { Instrument } from '@tradewind/core/instrument/instrument';
import { err, ok } from '@tradewind/core/lib/result';
import { epochMs } from '@tradewind/core/lib/time';
import { money, price, qty } from '@tradewind/core/lib/units';
import { KEY as KEY_AT_SANDBOX, SECRET, startSandbox } from '../../sandbox/contract/start.ts';
import { openDesk, type Desk } from './execution-desk.ts';

const KEY = 'binance_spot_BTC-USDT';
const OTHER = 'binance_spot_ETH-USDT';
let desk: Desk;
let projects = 0;
beforeEach(async () => {
  projects += 1;
  desk = openDesk(`refresh-${projects}`, { memory: true });
  await desk.ledger.clear();
  await desk.seed({ symbols: ['BTC-USDT', 'ETH-USDT'] });
});
afterEach(() => desk.ledger.close());

const ruleOf = (key: string) => desk.ledger.store.get(paths.market(key), marketDoc);
const failed = (code: string) =>
  err({ code, severity: 'LOW', retryable: false, message: code, retryAfterMs: null } as const);

/** A venue whose rules are those of the ledger but for `changes`; `null` = it lists the market no more. */
async function refresh(changes: Readonly<Record<string, Partial<Instrument> | null>>) {
  const asked: (readonly string[])[] = [];
  const venue = {
    ...desk.venue,
    instruments: async (symbols: readonly string[], options?: { readonly fresh: boolean }) => {
      asked.push([...symbols, ...(options?.fresh === true ? ['fresh'] : [])]);
      const found: Instrument[] = [];
      for (const symbol of symbols) {
        const change = changes[symbol];
        const known = await ruleOf(`binance_spot_${symbol}`);
        if (change === null || known === undefined) return failed('BadSymbol');
        found.push({ ...known, ...change });
      }
      return ok(found);
    },
  };
  const result = await refreshInstruments({ ...desk.ports, venueOf: async () => venue });
  return { result, asked };
}

describe('rules of markets are compared with the venue (05 section 15)', () => {
  test('the same rules change nothing, and the venue is asked anew once', async () => {
    const before = await ruleOf(KEY);
    const { result, asked } = await refresh({});
    expect(result).toEqual({ compared: 2, changed: [], gone: [] });
    expect(asked.filter((each) => each.includes('fresh'))).toHaveLength(1);
    expect(await ruleOf(KEY)).toEqual(before);
    expect(await desk.alerts()).toEqual([]);
  });

  test('others are taken over, and people are told which', async () => {
    const change = { tickSize: price('0.1'), minNotional: money('10') };
    expect((await refresh({ 'BTC-USDT': change })).result).toMatchObject({ changed: [KEY] });
    expect(await ruleOf(KEY)).toMatchObject(change);
    const [alert, ...more] = await desk.alerts();
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ rule: 'instrument_changed', symbol: 'BTC-USDT' });
    expect(alert?.message).toContain('tickSize 0.01 becomes 0.1, minNotional 5 becomes 10');
    expect((await refresh({})).result).toMatchObject({ changed: [] });
  });

  test('a market that is listed no more is told, and the others are compared all the same', async () => {
    const changes = { 'BTC-USDT': null, 'ETH-USDT': { tickSize: price('1') } };
    expect((await refresh(changes)).result).toEqual({ compared: 2, changed: [OTHER], gone: [KEY] });
    expect(await ruleOf(KEY)).toMatchObject({ tickSize: price('0.01') });
  });

  test('a venue that does not answer changes nothing', async () => {
    const venue = { ...desk.venue, instruments: async () => failed('VenueUnavailable') };
    const ports = { ...desk.ports, venueOf: async () => venue };
    await expect(refreshInstruments(ports)).rejects.toThrow('VenueUnavailable');
    expect(await ruleOf(KEY)).toMatchObject({ tickSize: price('0.01') });
  });
});

describe('over HTTP, at the sandbox (05 section 15)', () => {
  test('what is other here is taken over, and what the venue lists no more since the client has read it is told', async () => {
    const first = await startSandbox(['BTC-USDT', 'ETH-USDT']);
    const { port } = first.sandbox;
    const venue = createVenue({
      ...{ venue: 'binance', market: 'spot', apiKey: KEY_AT_SANDBOX, apiSecret: SECRET },
      ...{ sandboxPort: port, clock: { wallNow: () => epochMs(Date.now()) } },
    });
    const ports = { ...desk.ports, venueOf: async () => venue };
    let second: typeof first | undefined;
    try {
      const wrong = await ruleOf(KEY);
      if (wrong === undefined) throw new Error('the desk has the market');
      const lotSize = qty('7');
      await desk.ledger.store.set(paths.market(KEY), marketDoc, { ...wrong, lotSize });
      expect((await refreshInstruments(ports)).changed).toContain(KEY);
      const told = await venue.instruments(['BTC-USDT']);
      const [there] = told.ok ? told.value : [];
      expect((await ruleOf(KEY))?.lotSize).toEqual(there?.lotSize);
      expect(await refreshInstruments(ports)).toEqual({ compared: 2, changed: [], gone: [] });

      await first.sandbox.close();
      second = await startSandbox(['ETH-USDT'], port);
      expect(await refreshInstruments(ports)).toEqual({ compared: 2, changed: [], gone: [KEY] });
      expect((await desk.alerts()).map(({ message }) => message).join()).toContain(
        'not listed there any more',
      );
    } finally {
      await venue.close();
      await (second ?? first).sandbox.close();
    }
  }, 60_000);
});
