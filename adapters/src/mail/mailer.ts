import type { Result } from '@tradewind/core/lib/result';

/** A rendered e-mail. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

/**
 * Why a mail was not confirmed, by what may be done about it.
 *
 * - `refused`: the provider will not take it, now or later.
 * - `notAccepted`: it was certainly not taken; the same mail may be sent again.
 * - `unknown`: no answer came, so it may have been taken. The provider knows no idempotency key:
 *   sending again could deliver it twice.
 */
export type MailError = {
  readonly kind: 'refused' | 'notAccepted' | 'unknown';
  /** The provider's words, without keys. */
  readonly message: string;
};

/** The way out for e-mail; every failure is a value. */
export type Mailer = {
  readonly send: (mail: Mail) => Promise<Result<{ readonly messageId: string }, MailError>>;
};
