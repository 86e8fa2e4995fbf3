import { onDocumentCreated } from 'firebase-functions/v2/firestore';
import { environment, ports } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleNotifyAlert } from './handle-notify-alert.ts';

/** A new alert that is critical, or a warning that mail is on for, becomes an e-mail (NTF-19, NTF-25). */
export const notifyAlert = onDocumentCreated(
  { ...base, document: 'alerts/{alertId}', retry: true },
  ({ data }) =>
    metered(async () => {
      await handleNotifyAlert(await ports(), data?.data(), environment().mailTo);
    }),
);
