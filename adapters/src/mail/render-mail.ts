import type { NotificationDoc } from '@tradewind/contracts/documents/system';

const MARKER = { CRITICAL: '🔴', WARNING: '🟡', INFO: '🟢' } as const;
const ACCENT = { CRITICAL: '#c62828', WARNING: '#b26a00', INFO: '#1b7a4b' } as const;
const LABEL = { CRITICAL: 'Critical', WARNING: 'Warning', INFO: 'For your information' } as const;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML: values may come from venues and are never markup (NTF-04). */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** One line for a header: a line break in a subject could add headers. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

/** Text that links and tags cannot hide in, whatever the client does with it. */
const plain = (text: string): string => text.replace(/\r\n?/g, '\n');

const why = ({ kind }: NotificationDoc): string =>
  `You get this because your desk mails ${kind.replaceAll('_', ' ')} events to this address (MAIL_TO).`;

/** What kind of money this is about, said before anything else. */
function banner({ mode, simulated }: NotificationDoc): string | null {
  if (simulated)
    return 'SIMULATED: the market data of this desk is not live. No real money is involved.';
  if (mode === 'paper')
    return 'PAPER: orders fill at the sandbox exchange. No real money is involved.';
  return null;
}

/** Signed figures are green or red; everything else is plain. */
const tone = (value: string): string =>
  /^[+-][\d.]+ /.test(value) ? (value.startsWith('-') ? '#c62828' : '#1b7a4b') : '#18212c';

const row = ({ label, value }: NotificationDoc['fields'][number]): string =>
  `<tr><td width="35%" style="padding:8px 16px 8px 0;color:#5b6675;font-size:14px;vertical-align:top">${escapeHtml(label)}</td>` +
  `<td style="padding:8px 0;color:${tone(value)};font-size:14px;font-weight:600;word-break:break-word">${escapeHtml(value)}</td></tr>`;

function html(notification: NotificationDoc, footer: readonly string[]): string {
  const { priority, subject, fields } = notification;
  const notice = banner(notification);
  const noticeRow =
    notice === null
      ? ''
      : `<tr><td style="padding:10px 24px;background:#fff4d6;color:#6b4e00;font-size:13px">${escapeHtml(notice)}</td></tr>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:10px;border-top:4px solid ${ACCENT[priority]}">
${noticeRow}<tr><td style="padding:24px 24px 4px;color:${ACCENT[priority]};font-size:12px;font-weight:700;letter-spacing:.06em;text-transform:uppercase">${LABEL[priority]}</td></tr>
<tr><td style="padding:0 24px 12px;color:#18212c;font-size:20px;font-weight:700;line-height:1.3">${escapeHtml(subject)}</td></tr>
<tr><td style="padding:0 24px 20px"><table role="presentation" width="100%" cellpadding="0" cellspacing="0">${fields.map(row).join('')}</table></td></tr>
<tr><td style="padding:14px 24px 20px;border-top:1px solid #e2e7ed;color:#7a8594;font-size:12px;line-height:1.6">${footer.map(escapeHtml).join('<br>')}</td></tr>
</table></td></tr></table>
</body></html>`;
}

/**
 * Subject, HTML and text of one notification (NTF-04, NTF-47): pure, escaped, no remote content.
 *
 * The subject begins with the priority's marker; both bodies say paper or simulated before
 * anything else, and end with the ids to find the event by and why the reader gets the mail.
 */
export function renderMail(notification: NotificationDoc): {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
} {
  const { priority, fields, bookId, mode, dedupKey } = notification;
  const subject = oneLine(`${MARKER[priority]} ${notification.subject}`);
  const origin = [bookId === null ? null : `Book ${bookId}`, mode === null ? null : `mode ${mode}`];
  const footer = [
    [...origin, `notification ${dedupKey}`].filter((part) => part !== null).join(' · '),
    why(notification),
  ];
  const notice = banner(notification);
  const text = [
    ...(notice === null ? [] : [notice, '']),
    oneLine(notification.subject),
    '',
    ...fields.map(({ label, value }) => `${label}: ${plain(value)}`),
    '',
    ...footer,
  ].join('\n');
  return { subject, html: html(notification, footer), text };
}
