import type { Clock } from '@tradewind/adapters/clock/clock';
import type { Store } from '@tradewind/adapters/ledger/store';
import type { Queue } from '@tradewind/adapters/queue/queue';
import { bookDoc } from '@tradewind/contracts/documents/book';
import { alertDoc, type AlertDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { asLabel, inWords } from '@tradewind/core/lib/words';
import { notify } from './notify.ts';

type Ports = { readonly store: Store; readonly queue: Queue; readonly clock: Clock };

/** What has a mail of its own, or is about mail itself. */
const NOT_BY_MAIL: ReadonlySet<string> = new Set(['order_failed', 'mail_failed']);
const RANK = { INFO: 0, WARNING: 1, CRITICAL: 2 } as const;

/** True when the alert is new, came back as a new one, or got worse. */
function isNews(before: AlertDoc | undefined, after: AlertDoc): boolean {
  if (after.severity === 'INFO' || after.state !== 'ACTIVE') return false;
  if (NOT_BY_MAIL.has(after.rule)) return false;
  return (
    before === undefined ||
    before.firstAt !== after.firstAt ||
    RANK[after.severity] > RANK[before.severity]
  );
}

const title = (rule: string): string =>
  inWords(rule).replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

/** Mails an alert that needs eyes; counting up the same alert mails nothing. */
export async function handleNotifyAlert(
  ports: Ports,
  change: { readonly before: object | undefined; readonly after: object | undefined },
  recipient: string | undefined,
): Promise<void> {
  if (change.after === undefined) return;
  const before = change.before === undefined ? undefined : alertDoc.parse(change.before);
  const alert = alertDoc.parse(change.after);
  if (!isNews(before, alert)) return;
  const book =
    alert.bookId === null ? undefined : await ports.store.get(paths.book(alert.bookId), bookDoc);
  const { severity, rule, symbol } = alert;
  await notify(
    ports,
    {
      kind: rule,
      entity: alert.alertId,
      state: `${alert.firstAt}-${severity}`,
      priority: severity,
      subject: `${severity === 'CRITICAL' ? 'CRITICAL: ' : ''}${title(rule)}${symbol === null ? '' : ` ${symbol}`}`,
      fields: [
        { label: 'What happened', value: alert.message },
        ...Object.entries(alert.details).map(([name, value]) => ({ label: asLabel(name), value })),
        { label: 'Alert', value: alert.alertId },
        { label: 'Time', value: new Date(alert.lastAt).toISOString() },
      ],
      bookId: alert.bookId,
      mode: book?.mode ?? null,
      simulated: book !== undefined && book.origin !== 'live',
    },
    recipient,
  );
}
