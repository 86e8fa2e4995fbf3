import * as z from 'zod';

/** One complaint about a payload, in the shape that SendGrid's API answers with. */
export type MailFault = {
  readonly message: string;
  readonly field: string | null;
  readonly help: string | null;
};

const HELP = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';
const MAX_RECIPIENTS = 1_000;
const MAX_SUBJECT = 998;

const address = z.object({
  email: z.email('Does not contain a valid address.'),
  name: z.string().optional(),
});
const recipients = z.array(address).max(MAX_RECIPIENTS);

const personalization = z.object({
  to: recipients.min(1, 'The to array is required, and must contain at least one address.'),
  cc: recipients.optional(),
  bcc: recipients.optional(),
  subject: z.string().min(1).max(MAX_SUBJECT).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  substitutions: z.record(z.string(), z.string()).optional(),
  custom_args: z.record(z.string(), z.string()).optional(),
  send_at: z.int().optional(),
});

const content = z.object({
  type: z
    .string()
    .min(1, 'The content type is required.')
    .regex(/^[^;\r\n]+$/, 'The content type cannot contain ; or line breaks.'),
  value: z.string().min(1, 'The content value must be a string at least one character in length.'),
});

const toggle = z.object({ enable: z.boolean().optional() }).loose();
const settings = z.record(z.string(), toggle).optional();

/** What `POST /v3/mail/send` takes, as far as templates and attachments are not concerned. */
const payload = z.strictObject({
  personalizations: z
    .array(personalization)
    .min(1, 'The personalizations field is required and must have at least one personalization.')
    .max(1_000),
  from: address,
  reply_to: address.optional(),
  subject: z.string().min(1).max(MAX_SUBJECT).optional(),
  content: z.array(content).min(1, 'The content array must have at least one element.'),
  headers: z.record(z.string(), z.string()).optional(),
  categories: z.array(z.string().max(255)).max(10).optional(),
  custom_args: z.record(z.string(), z.string()).optional(),
  send_at: z.int().optional(),
  mail_settings: settings,
  tracking_settings: settings,
});
export type MailPayload = z.infer<typeof payload>;

/** `personalizations.0.to.0.email`, as the API writes paths. */
const fieldOf = (path: readonly PropertyKey[]): string | null =>
  path.length === 0 ? null : path.map(String).join('.');

const fault = (message: string, field: string | null): MailFault => ({
  message,
  field,
  help: field === null ? null : `${HELP}#message.${field.replace(/\.\d+/g, '')}`,
});

/** Rules between fields, which the API checks after the shape. */
function crossFaults(mail: MailPayload): MailFault[] {
  const faults: MailFault[] = [];
  const types = mail.content.map(({ type }) => type);
  const html = types.indexOf('text/html');
  if (types.includes('text/plain') && types[0] !== 'text/plain')
    faults.push(
      fault('If present, text/plain must be the first content, followed by text/html.', 'content'),
    );
  else if (html > 0 && types.slice(0, html).some((type) => type !== 'text/plain'))
    faults.push(fault('text/html must come before every other type but text/plain.', 'content'));
  if (mail.subject === undefined && mail.personalizations.some((one) => one.subject === undefined))
    faults.push(
      fault(
        'The subject is required. It can be set globally or for every personalization.',
        'subject',
      ),
    );
  mail.personalizations.forEach((one, index) => {
    const all = [...one.to, ...(one.cc ?? []), ...(one.bcc ?? [])];
    const emails = all.map(({ email }) => email.toLowerCase());
    if (new Set(emails).size < emails.length)
      faults.push(
        fault(
          'Each email address in the personalization block should be unique between to, cc, and bcc.',
          `personalizations.${index}`,
        ),
      );
  });
  return faults;
}

export type Validated =
  | { readonly ok: true; readonly mail: MailPayload }
  | { readonly ok: false; readonly faults: readonly MailFault[] };

/** Judges a request body as the real API does; all faults at once. */
export function validateMail(body: unknown): Validated {
  const parsed = payload.safeParse(body);
  if (!parsed.success)
    return {
      ok: false,
      faults: parsed.error.issues.map((issue) => fault(issue.message, fieldOf(issue.path))),
    };
  const faults = crossFaults(parsed.data);
  return faults.length === 0 ? { ok: true, mail: parsed.data } : { ok: false, faults };
}
