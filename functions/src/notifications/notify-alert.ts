import { onDocumentWritten } from 'firebase-functions/v2/firestore';
import { environment, ports } from '../composition.ts';
import { base } from '../options.ts';
import { delivered } from '../delivery/delivered.ts';
import { handleNotifyAlert } from './handle-notify-alert.ts';

/** An alert that is new, came back or got worse becomes an e-mail (NTF-19, NTF-25). */
export const notifyAlert = onDocumentWritten(
  { ...base, document: 'alerts/{alertId}', retry: true },
  ({ data, time }) =>
    delivered('alerts', time, async () => {
      const change = { before: data?.before.data(), after: data?.after.data() };
      await handleNotifyAlert(await ports(), change, environment().mail.to);
    }),
);
