import type { EvaluationEntry, EvaluationsDoc } from '@tradewind/contracts/documents/evaluation';
import { epochMs } from '@tradewind/core/lib/time';
import { money } from '@tradewind/core/lib/units';
import { measure, type Gate } from '@tradewind/core/strategy/gate';
import { whyOf, whyText } from './why-text.ts';

const HOUR_AT = Date.UTC(2026, 10, 29, 12);
const at = (minute: number) => epochMs(HOUR_AT + minute * 60_000);

const temperature = (score: number): Gate =>
  measure({ gate: 'temperature', reason: 'temperature_too_low' }, score, ['>=', 0.3]);
const confidence = (share: number): Gate =>
  measure({ gate: 'confidence', reason: 'low_confidence' }, share, ['>=', 0.6]);

const entry = (minute: number, changes: Partial<EvaluationEntry> = {}): EvaluationEntry => ({
  at: at(minute),
  now: at(minute),
  savedAt: at(minute),
  close: 100,
  fed: 1,
  bars: 'abc',
  action: 'HOLD',
  signalId: null,
  sent: false,
  failing: 'temperature',
  reason: 'temperature_too_low',
  verdict: 'abc',
  view: null,
  ...changes,
});
const hour = (entries: EvaluationEntry[], latest: Gate[]): EvaluationsDoc => ({
  bookId: 'paper',
  strategyId: 'trend',
  marketKey: 'binance_spot_BTC-USDT',
  symbol: 'BTC-USDT',
  hourAt: epochMs(HOUR_AT),
  entries,
  latest,
  left: 'abc',
  dropped: 0,
  updatedAt: at(60),
  expiresAt: at(60),
});
const made = {
  ...{ strategy: 'weighted', version: '1.0.0', params: {}, positionSizeQuote: money('100') },
  ...{ tickSize: 0.01, lotSize: 0.0001, document: 1, code: 'local' },
};

test('says what stands in the way in the strategy’s own words, and the least that would do', () => {
  const latest = [temperature(0.12), confidence(0.9)];
  const text = whyText(whyOf([hour([entry(1, { made, gates: latest })], latest)], 10));
  expect(text).toBe(
    [
      'trend on BTC-USDT, bar that closed at 2026-11-29 12:01 UTC: HOLD',
      '  Because a score of 0.120 either way is COOL; HOT starts at 0.3.',
      '  To trade, temperature would have had to be at least 0.3, and was 0.12.',
      '',
      '  What was looked at',
      '    ✘ temperature: 0.12, needs >= 0.3',
      '    ✔ confidence: 0.9, needs >= 0.6',
      '',
      '  What changed, newest first',
      '    2026-11-29 12:01  temperature would have had to be at least 0.3, and was 0.12',
    ].join('\n'),
  );
});

test('tells changes only, newest first, and no more than asked for', () => {
  const failing = [temperature(0.1)];
  const entries = [
    entry(1, { gates: failing }),
    entry(2),
    entry(3, { gates: [temperature(0.4)], action: 'ENTER', sent: true, failing: null }),
    entry(4, { gates: failing, fault: 'no luck' }),
  ];
  const why = whyOf([hour(entries, failing)], 2);
  expect(why.changes.map((change) => change.at)).toEqual([
    '2026-11-29T12:04:00.000Z',
    '2026-11-29T12:03:00.000Z',
  ]);
  expect(whyText(why)).toContain('12:04  failed: no luck\n    2026-11-29 12:03  ENTER');
});

test('nothing stands in the way of what traded', () => {
  const latest = [temperature(0.4)];
  const traded = entry(1, { gates: latest, action: 'ENTER', sent: true, failing: null });
  expect(whyText(whyOf([hour([traded], latest)], 1))).toContain('Nothing stands in the way.');
});
