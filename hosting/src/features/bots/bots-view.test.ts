import type { BotStatusDoc } from '@tradewind/contracts/documents/bot';
import type { ParityDoc } from '@tradewind/contracts/documents/parity';
import { epochMs } from '@tradewind/core/lib/time';
import { bot, botStatus, T0 } from '../../testing/documents.ts';
import { botsView, type BotFacts } from './bots-view.ts';

const cardOf = (status: Partial<BotStatusDoc> | null, over: Partial<BotFacts> = {}) => {
  const data = status === null ? [] : [botStatus(status)];
  const view = botsView({
    bots: { status: 'ready', data: [bot()], faults: [], live: true },
    statuses: { status: 'ready', data, faults: [], live: true },
    positions: [],
    trades: [],
    parities: [],
    now: T0,
    marketNow: T0,
    ...over,
  });
  if (view.kind !== 'cards' || view.cards[0] === undefined) throw new Error('expected a card');
  return view.cards[0];
};

test('UI-41 a blocked bot says why in words, with the time left', () => {
  const card = cardOf({ cooldownUntil: epochMs(T0 + 252_000) });
  expect(card.readiness).toMatchObject({
    kind: 'blocked',
    what: 'Cooling down after a trade 4:12',
    clears: 'ends by itself',
  });
});

test('a countdown runs on market time and ends', () => {
  const status = { confirmationStartedAt: T0, block: null };
  expect(cardOf(status).confirmingFor).toBe(60_000);
  expect(cardOf(status, { marketNow: epochMs(T0 + 60_000) }).confirmingFor).toBeNull();
  expect(cardOf({ ...status, confirmedAt: T0 }).confirmingFor).toBeNull();
});

test('UI-42 an evaluation is stale after its maxAgeMs, by the wall clock', () => {
  expect(cardOf({}, { now: epochMs(T0 + 180_000) }).evaluated.kind).toBe('fresh');
  expect(cardOf({}, { now: epochMs(T0 + 180_001) }).evaluated.kind).toBe('stale');
});

test('a bot that is stopped or was never evaluated is not called ready', () => {
  expect(cardOf(null).readiness).toEqual({ kind: 'unknown' });
  const stopped = { status: 'ready', data: [bot({ status: 'STOPPED' })], faults: [], live: true };
  expect(
    cardOf({ canTrade: true, block: null }, { bots: stopped as BotFacts['bots'] }).readiness,
  ).toEqual({
    kind: 'stopped',
  });
  expect(cardOf({ canTrade: true, block: null }).readiness).toEqual({ kind: 'ready' });
});

test('UI-40 parts show what is enabled with its weight; warm-up has no score', () => {
  expect(cardOf({ rsiScore: null }).parts).toEqual([
    { name: 'RSI', weight: 0.4, score: null },
    { name: 'EMA', weight: 0.3, score: 0.1 },
    { name: 'MACD', weight: 0.3, score: -0.05 },
  ]);
});

test('a card has the replay of its own bot and no other', () => {
  const parity = (strategyId: string): ParityDoc => ({
    ...{ strategyId, bookId: 'paper', from: T0, to: T0, evaluations: 2, equal: 1 },
    ...{ scorePct: 50, differences: [], found: 1, at: T0, maxAgeMs: 1 },
  });
  expect(cardOf({}, { parities: [parity('other')] }).parity).toBeUndefined();
  expect(cardOf({}, { parities: [parity('balanced')] }).parity?.scorePct).toBe(50);
});
