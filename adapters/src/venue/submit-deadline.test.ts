import { startFakeExchange, type FakeExchange } from './testing/fake-exchange.ts';
import { filledReply, market, venueAt } from './testing/fixtures.ts';
import type { Venue } from './venue.ts';

let exchange: FakeExchange;
let venue: Venue;
beforeEach(async () => {
  exchange = await startFakeExchange();
  venue = venueAt(exchange.port);
});
afterEach(async () => {
  await venue.close();
  await exchange.close();
});

describe('EXE-19 a submission with less time than a request has', () => {
  test('is unclear when that is over: it may have arrived', async () => {
    exchange.on('POST /api/v3/order', { json: filledReply });
    await venue.submit(market);
    exchange.on('POST /api/v3/order', 'silence');
    const outcome = await venue.submit(market, 150);
    expect(outcome).toMatchObject({ kind: 'unknown', error: { code: 'NetworkTimeout' } });
  });

  test('was not sent when there was no time left to connect', async () => {
    expect(await venue.submit(market, 0)).toMatchObject({ kind: 'notSent' });
    expect(exchange.requests('POST /api/v3/order')).toEqual([]);
  });
});
