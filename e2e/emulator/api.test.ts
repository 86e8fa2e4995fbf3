import { bookDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { heartbeatDoc, type HeartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import type { EpochMs } from '@tradewind/core/lib/time';
import { handleApi } from '../../functions/src/api/handle-api.ts';
import { handleSetRiskLimits } from '../../functions/src/risk/handle-set-risk-limits.ts';
import { asJson } from '../../functions/src/api/safety.ts';
import { book, NOW, riskState } from './documents.ts';
import { openLedger } from './open-ledger.ts';

const ledger = openLedger('api', NOW);
const { store, clock } = ledger;
beforeEach(ledger.clear);
afterAll(ledger.close);

const reads = new Map<string, readonly EpochMs[]>();
beforeEach(() => {
  reads.clear();
});

type Asked = { readonly method?: string; readonly uid?: string | null };
const get = (path: string, { method = 'GET', uid = 'u1' }: Asked = {}) =>
  handleApi({ method, path }, { store, wallNow: clock.wallNow(), member: async () => uid, reads });

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
  expect((await get('/health', { method: 'POST' })).status).toBe(405);
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
    expect((await get('/safety', { uid: null })).status).toBe(401);
  });

  test('ARC-71 tells the limits that hold, who changed them and why, and what does not hold yet', async () => {
    await store.set(paths.book('paper'), bookDoc, book());
    await store.set(paths.riskState('paper'), riskStateDoc, riskState());
    const change = (changes: object) =>
      handleSetRiskLimits(
        ledger,
        { commandId: 'c', bookId: 'paper', changes, reason: 'a quiet start of the week' },
        'admin@example.com',
      );
    expect(await change({ maxOpenPositions: 2 })).toMatchObject({ ok: true, code: 'set' });
    expect(await change({ maxOpenPositions: 5 })).toMatchObject({ ok: true, code: 'pending' });
    const told = async () => JSON.parse(asJson((await get('/safety')).body)) as unknown;
    const changed = {
      ...{ version: 2, by: 'admin@example.com', reason: 'a quiet start of the week' },
      at: new Date(clock.wallNow()).toISOString(),
    };
    const pending = { limits: { maxOpenPositions: 5 } };
    expect(await told()).toMatchObject({
      books: [{ limits: { maxOpenPositions: 2 }, limitsChanged: { ...changed, pending } }],
    });
    ledger.pass(60_000);
    expect(await told()).toMatchObject({
      books: [{ limits: { maxOpenPositions: 5 }, limitsChanged: { ...changed, pending: null } }],
    });
  });

  test('ARC-62 a user who asks more than 120 times within a minute waits, and no other', async () => {
    await store.set(paths.book('paper'), bookDoc, book());
    for (let each = 0; each < 120; each += 1) expect((await get('/safety')).status).toBe(200);
    expect(await get('/safety')).toMatchObject({
      status: 429,
      body: { code: 'too_many_requests', retryAfter: 60 },
    });
    expect((await get('/safety', { uid: 'u2' })).status).toBe(200);
    expect((await get('/health')).status).toBe(200);
    ledger.pass(60_000);
    expect((await get('/safety')).status).toBe(200);
  });

  test('a book whose state cannot be read is not told as safe', async () => {
    await store.set(paths.book('paper'), bookDoc, book());
    expect((await get('/safety')).body).toMatchObject({ books: [{ known: false }] });
  });
});
