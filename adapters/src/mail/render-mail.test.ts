import type { NotificationDoc } from '@tradewind/contracts/documents/system';
import { epochMs } from '@tradewind/core/lib/time';
import fc from 'fast-check';
import { escapeHtml, renderMail } from './render-mail.ts';

const notification = (changes: Partial<NotificationDoc> = {}): NotificationDoc => ({
  dedupKey: 'position_opened-tw1-first_fill',
  kind: 'position_opened',
  priority: 'INFO',
  recipient: 'me@example.com',
  subject: 'Position Opened: LONG BTC-USDT',
  fields: [{ label: 'Quantity', value: '0.5' }],
  bookId: 'paper',
  mode: 'paper',
  simulated: false,
  status: 'PENDING',
  attempts: 0,
  providerMessageId: null,
  error: null,
  createdAt: epochMs(0),
  sentAt: null,
  ...changes,
});

test.each([
  ['CRITICAL', '🔴'],
  ['WARNING', '🟡'],
  ['INFO', '🟢'],
] as const)('a %s subject begins with %s', (priority, marker) => {
  expect(renderMail(notification({ priority })).subject).toBe(
    `${marker} Position Opened: LONG BTC-USDT`,
  );
});

test('NTF-47 both bodies carry the fields, mode, book, id and the reason for the mail', () => {
  const { html, text } = renderMail(notification());
  for (const body of [html, text])
    for (const part of ['Quantity', '0.5', 'Book paper', 'mode paper', 'position_opened-tw1'])
      expect(body).toContain(part);
  expect(text).toContain('You get this because');
  expect(html).toContain('You get this because');
});

test('a mail about simulated money says so first', () => {
  const { html, text } = renderMail(notification({ simulated: true }));
  expect(text.startsWith('SIMULATED')).toBe(true);
  expect(html).toContain('SIMULATED');
});

test('a mail of a live book has no banner', () => {
  const { text } = renderMail(notification({ mode: 'full' }));
  expect(text.startsWith('Position Opened')).toBe(true);
});

test('prop: NTF-04 no value of a venue becomes markup', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (label, value) => {
      const { html } = renderMail(notification({ fields: [{ label, value }], subject: value }));
      const empty = renderMail(notification({ fields: [{ label: '', value: '' }], subject: '' }));
      const tags = (text: string): number => text.split('<').length;
      return tags(html) === tags(empty.html);
    }),
  );
});

test('prop: a subject stays one line whatever it is made of', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (subject) => !/[\r\n\u2028\u2029]/.test(renderMail(notification({ subject })).subject),
    ),
  );
});

test('prop: escaping loses nothing', () => {
  const back: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  fc.assert(
    fc.property(
      fc.string(),
      (text) =>
        escapeHtml(text).replace(
          /&(amp|lt|gt|quot|#39);/g,
          (_, name: string) => back[name] ?? '',
        ) === text,
    ),
  );
});
