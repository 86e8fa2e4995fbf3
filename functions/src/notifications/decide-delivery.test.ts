import { epochMs } from '@tradewind/core/lib/time';
import { decideDelivery, HOURLY_LIMIT } from './decide-delivery.ts';

const now = epochMs(10_000_000);
const facts = {
  recipient: 'me@example.com',
  priority: 'INFO',
  mailedLastHour: 0,
  sameEntity: [],
  now,
} as const;

test('a notification with a recipient is mailed', () => {
  expect(decideDelivery(facts)).toEqual({ status: 'PENDING', recipient: 'me@example.com' });
});

test.each([undefined, ''])('without a recipient (%j) the reason says what to set', (recipient) => {
  const delivery = decideDelivery({ ...facts, recipient });
  expect(delivery.status === 'SUPPRESSED' ? delivery.reason : '').toContain('MAIL_TO');
});

test.each([
  [HOURLY_LIMIT - 1, 'INFO', 'PENDING'],
  [HOURLY_LIMIT, 'INFO', 'SUPPRESSED'],
  [HOURLY_LIMIT, 'WARNING', 'SUPPRESSED'],
  [HOURLY_LIMIT, 'CRITICAL', 'PENDING'],
] as const)(
  'after %d mails within the hour one of priority %s is %s',
  (mailedLastHour, priority, status) => {
    expect(decideDelivery({ ...facts, mailedLastHour, priority }).status).toBe(status);
  },
);

test.each([
  [299_999, 'INFO', 'INFO', 'SUPPRESSED'],
  [300_000, 'INFO', 'INFO', 'PENDING'],
  [1_000, 'WARNING', 'CRITICAL', 'PENDING'],
  [1_000, 'CRITICAL', 'CRITICAL', 'SUPPRESSED'],
  [1_000, 'CRITICAL', 'INFO', 'SUPPRESSED'],
] as const)(
  '%d ms after a mail of priority %s about the same thing one of %s is %s',
  (age, earlier, priority, status) => {
    const sameEntity = [{ createdAt: epochMs(now - age), priority: earlier }];
    expect(decideDelivery({ ...facts, priority, sameEntity }).status).toBe(status);
  },
);
