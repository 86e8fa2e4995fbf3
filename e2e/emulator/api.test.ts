import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { heartbeatDoc, type HeartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { handleApi } from '../../functions/src/api/handle-api.ts';
import { asJson } from '../../functions/src/api/safety.ts';
import { book, NOW, riskState } from './documents.ts';
import { openLedger } from './open-ledger.ts';

const ledger = openLedger('api', NOW);
const { store, clock } = ledger;
beforeEach(ledger.clear);
afterAll(ledger.close);

const get = (path: string, method = 'GET') =>
  handleApi({ method, path }, { store, wallNow: clock.wallNow(), isMember: async () => true });

const beat = (changes: Partial<HeartbeatDoc> = {}): Promise<void> =>
  store.set(paths.heartbeat('worker-0'), heartbeatDoc, {
    component: 'worker-0',
    status: 'LIVE',
    detail: 'three markets',
    startedAt: NOW,
    beatAt: NOW,
    maxAgeMs: 30_000,
    version: 'test',
    ...changes,
  });

test.each(['/health', '/health/', '/api/health'])(
  'ARC-07 %s tells how old each sign of life is',
  async (path) => {
    await beat();
    ledger.pass(1_000);
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, components: [{ component: 'worker-0', ok: true }] });
  },
);

test.each([
  ['too old', { beatAt: NOW, maxAgeMs: 1 }, 503],
  ['stale by its own word', { status: 'STALE', maxAgeMs: 3_600_000 }, 503],
  ['stopped on purpose', { status: 'STOPPED', maxAgeMs: 1 }, 200],
] as const)('a component that is %s is reported so', async (_, changes, expected) => {
  await beat(changes);
  ledger.pass(1_000);
  expect((await get('/health')).status).toBe(expected);
});

test('every other path is not found, in JSON', async () => {
  expect(await get('/metrics')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await get('/')).toMatchObject({ status: 404 });
});

test('health answers GET only', async () => {
  expect((await get('/health', 'POST')).status).toBe(405);
});

describe('RSK-95 /safety', () => {
  test('tells limits, their use today, blocks, breakers, the stop and the last reset of each book', async () => {
    await store.set(paths.book('paper'), bookDoc, book());
    await store.set(
      paths.riskState('paper'),
      riskStateDoc,
      riskState({ emergencyStop: true, emergencyStopAt: NOW, emergencyStopBy: 'me' }),
    );
    const { status, body } = await get('/safety');
    expect(status).toBe(200);
    expect(JSON.parse(asJson(body))).toMatchObject({
      ok: true,
      breakers: [],
      books: [
        {
          bookId: 'paper',
          known: true,
          limits: { maxOpenPositions: expect.any(Number) as number },
          today: { openingEquity: '10000', tradesToday: 0 },
          cooldowns: { symbols: {}, strategies: {} },
          blocks: { emergencyStop: true, executionOff: false },
          emergencyStop: true,
          emergencyStopBy: 'me',
          lastReset: null,
        },
      ],
    });
  });

  test('is for members only', async () => {
    const asked = { method: 'GET', path: '/safety' };
    const deps = { store, wallNow: clock.wallNow(), isMember: async () => false };
    expect((await handleApi(asked, deps)).status).toBe(401);
  });

  test('a book whose state cannot be read is not told as safe', async () => {
    await store.set(paths.book('paper'), bookDoc, book());
    expect((await get('/safety')).body).toMatchObject({ books: [{ known: false }] });
  });
});
