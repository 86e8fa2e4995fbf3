import type { MailService } from '@sendgrid/mail';
import { err, ok } from '@tradewind/core/lib/result';
import * as z from 'zod';
import type { Mailer, MailError } from './mailer.ts';

const TIMEOUT_MS = 10_000;
/** Codes of a connection that was never made: nothing can have been delivered. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

const answered = z.object({
  code: z.number(),
  message: z.string().optional(),
  response: z.object({
    body: z
      .object({ errors: z.array(z.object({ message: z.string() })) })
      .optional()
      .catch(undefined),
  }),
});
const headers = z.object({ 'x-message-id': z.string().catch('') });
const unanswered = z.object({ code: z.string() });

/** What a failed call means: only an answer, or proof that none was asked for, allows a repeat. */
export function classifyMailError(error: unknown): MailError {
  const response = answered.safeParse(error);
  if (response.success) {
    const {
      code,
      message,
      response: { body },
    } = response.data;
    const words =
      body?.errors.map((item) => item.message).join('; ') ?? message ?? 'no reason given';
    const mayRepeat = code === 429 || code >= 500;
    return { kind: mayRepeat ? 'notAccepted' : 'refused', message: `${code}: ${words}` };
  }
  const failure = unanswered.safeParse(error);
  const code = failure.success ? failure.data.code : 'no code';
  const kind = NEVER_CONNECTED.has(code) ? 'notAccepted' : 'unknown';
  return { kind, message: `No answer from the mail provider (${code})` };
}

type Config = {
  readonly apiKey: string;
  /** Verified sender address. */
  readonly from: string;
  /** Another address of the provider's API, such as the local mailbox; the real one when absent. */
  readonly baseUrl?: string | undefined;
};

/** What of SendGrid's client is not in its types: where requests go. */
type WithClient = {
  readonly client: { readonly setDefaultRequest: (key: 'baseUrl', url: string) => void };
};

/** Loads the client when the first mail leaves: it is needed nowhere else, and large. */
async function openClient({ apiKey, baseUrl }: Config): Promise<MailService> {
  const { default: service } = await import('@sendgrid/mail');
  service.setApiKey(apiKey);
  service.setTimeout(TIMEOUT_MS);
  if (baseUrl !== undefined)
    (service as unknown as WithClient).client.setDefaultRequest('baseUrl', baseUrl);
  return service;
}

/** Opens and clicks are not tracked: trading mails need no pixels and no rewritten links. */
const UNTRACKED = {
  clickTracking: { enable: false, enableText: false },
  openTracking: { enable: false },
};

/**
 * Mail through SendGrid's `/v3/mail/send`: one try a call, 10 s deadline.
 *
 * @throws Error when the key or the sender is missing.
 */
export function createMailer(config: Config): Mailer {
  if (config.apiKey === '')
    throw new Error(
      'SENDGRID_API_KEY is not set, so no mail can be sent. Set it with `firebase functions:secrets:set SENDGRID_API_KEY`.',
    );
  if (config.from === '')
    throw new Error('MAIL_FROM is not set, so no mail can be sent: name your verified sender.');
  let client: ReturnType<typeof openClient> | undefined;
  const send: Mailer['send'] = async ({ to, subject, html, text }) => {
    try {
      client ??= openClient(config);
      const [response] = await (
        await client
      ).send({
        to,
        from: { email: config.from, name: 'Tradewind' },
        subject,
        text,
        html,
        trackingSettings: UNTRACKED,
      });
      const { 'x-message-id': messageId } = headers.parse(response.headers);
      return ok({ messageId });
    } catch (error) {
      return err(classifyMailError(error));
    }
  };
  return { send };
}
