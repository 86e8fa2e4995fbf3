import { createMailer } from '@tradewind/adapters/mail/create-mailer';
import { environment } from '../composition.ts';
import { onTask } from '../delivery/on-task.ts';
import { base, sendgridApiKey } from '../options.ts';
import { handleSendNotification, MAX_ATTEMPTS } from './handle-send-notification.ts';

/** Sends one e-mail of the outbox: 1 + 5 attempts, 5 s to 10 min apart (NTF-03). */
export const sendNotification = onTask(
  'sendNotification',
  {
    ...base,
    secrets: [sendgridApiKey],
    retryConfig: {
      maxAttempts: MAX_ATTEMPTS,
      minBackoffSeconds: 5,
      maxBackoffSeconds: 600,
      maxDoublings: 7,
    },
    rateLimits: { maxConcurrentDispatches: 4, maxDispatchesPerSecond: 20 },
  },
  (context, notification) => {
    const { from, baseUrl } = environment().mail;
    const mailerOf = () =>
      createMailer({ apiKey: sendgridApiKey.value(), from: from ?? '', baseUrl });
    return handleSendNotification(context, mailerOf, notification);
  },
);
