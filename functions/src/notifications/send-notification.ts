import { createMailer } from '@tradewind/adapters/mail/create-mailer';
import { tasks } from '@tradewind/contracts/tasks';
import { onTaskDispatched } from 'firebase-functions/v2/tasks';
import { environment, ports } from '../composition.ts';
import { base, sendgridApiKey } from '../options.ts';
import { metered } from '../usage.ts';
import { handleSendNotification } from './handle-send-notification.ts';

/** Sends one e-mail of the outbox: 1 + 5 attempts, 5 s to 10 min apart (NTF-03). */
export const sendNotification = onTaskDispatched(
  {
    ...base,
    secrets: [sendgridApiKey],
    retryConfig: { maxAttempts: 6, minBackoffSeconds: 5, maxBackoffSeconds: 600, maxDoublings: 7 },
    rateLimits: { maxConcurrentDispatches: 4, maxDispatchesPerSecond: 20 },
  },
  ({ data }) =>
    metered(async () => {
      const { mail } = environment();
      const mailerOf = () =>
        createMailer({
          apiKey: sendgridApiKey.value(),
          from: mail.from ?? '',
          baseUrl: mail.baseUrl,
        });
      await handleSendNotification(await ports(), mailerOf, tasks.sendNotification.parse(data));
    }),
);
