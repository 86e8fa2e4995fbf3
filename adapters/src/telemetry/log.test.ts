import fc from 'fast-check';
import { jsonLog, logUsage } from './log.ts';
import { redactText, redactValue } from './redact.ts';

function recorded(act: (log: ReturnType<typeof jsonLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  act(jsonLog('worker', (line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a record is one line of JSON that Cloud Logging understands', () => {
  const [record] = recorded((log) => {
    log.warn('feed is\nstale', { symbol: 'BTC-USDT', ageMs: 12 });
  });
  expect(record).toMatchObject({
    severity: 'WARNING',
    component: 'worker',
    message: 'feed is\nstale',
    symbol: 'BTC-USDT',
    ageMs: 12,
  });
});

test('usage is a line of its own kind', () => {
  const [record] = recorded((log) => {
    logUsage(log, { reads: 3, writes: 2 });
  });
  expect(record).toMatchObject({ kind: 'usage', reads: 3, writes: 2 });
});

test('bigints and errors can be logged', () => {
  const [record] = recorded((log) => {
    log.error('failed', { quantity: 5n, error: new TypeError('signature=abcdef1234 is wrong') });
  });
  expect(record).toMatchObject({
    quantity: '5',
    error: { name: 'TypeError', message: 'signature=[redacted] is wrong' },
  });
});

test.each([
  [
    'a signed URL',
    'binance GET https://api.binance.com/api/v3/account?timestamp=1&signature=ab12 fetch failed',
    'binance GET https://api.binance.com/api/v3/account?[redacted] fetch failed',
  ],
  ['a header', 'X-MBX-APIKEY: hunter2', 'X-MBX-APIKEY: [redacted]'],
  ['a JSON field', '{"apiKey":"hunter2","a":1}', '{"apiKey":"[redacted]","a":1}'],
  ['a bearer token', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['hex like a signature', `sent ${'0a'.repeat(32)} here`, 'sent [redacted] here'],
  ['a client order id', 'order twabcdefghijklmnopqrstuvwxyz is gone', undefined],
  ['a date', 'at 2026-11-20T10:00:00.000Z', undefined],
])('redaction of %s', (_, text, expected) => {
  expect(redactText(text)).toBe(expected ?? text);
});

test('fields with telling names lose their value at any depth', () => {
  expect(redactValue({ a: { apiSecret: 'x', list: [{ password: 'y', ok: 1 }] } })).toEqual({
    a: { apiSecret: '[redacted]', list: [{ password: '[redacted]', ok: 1 }] },
  });
});

test('prop: a known secret never survives', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{8,64}$/);
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (key, before, after) => {
      const text = redactText(`${before}${key}${after}`, [key]);
      expect(text.includes(key)).toBe('[redacted]'.includes(key));
    }),
  );
});
