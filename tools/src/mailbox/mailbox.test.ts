import { createMailer, classifyMailError } from '@tradewind/adapters/mail/create-mailer';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMailbox, type Mailbox } from './create-mailbox.ts';

const apiKey = 'SG.local';
let folder: string;
let mailbox: Mailbox;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
  mailbox = await createMailbox({ port: 0, apiKey, file: join(folder, 'mails.jsonl') });
});
afterAll(async () => {
  await mailbox.close();
  rmSync(folder, { recursive: true });
});

const payload = (changes: object = {}): object => ({
  personalizations: [{ to: [{ email: 'me@example.com' }] }],
  from: { email: 'desk@example.com' },
  subject: 'Hello',
  content: [{ type: 'text/plain', value: 'Hi' }],
  ...changes,
});

const post = (body: object | string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${mailbox.url}/v3/mail/send`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('the real client delivers through it and learns the message id', async () => {
  const mailer = createMailer({ apiKey, from: 'desk@example.com', baseUrl: mailbox.url });
  const sent = await mailer.send({
    to: 'me@example.com',
    subject: '🟢 Position Opened',
    html: '<p>Hi</p>',
    text: 'Hi',
  });
  const stored = mailbox.mails().at(-1);
  expect(sent).toEqual({ ok: true, value: { messageId: stored?.id } });
  expect(stored).toMatchObject({
    to: ['me@example.com'],
    subject: '🟢 Position Opened',
    html: '<p>Hi</p>',
    text: 'Hi',
  });
  const lines = readFileSync(join(folder, 'mails.jsonl'), 'utf8').trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual(stored);
});

test('a wrong key is refused for good', async () => {
  const mailer = createMailer({
    apiKey: 'SG.other',
    from: 'desk@example.com',
    baseUrl: mailbox.url,
  });
  const sent = await mailer.send({ to: 'me@example.com', subject: 's', html: 'h', text: 't' });
  expect(sent).toMatchObject({ ok: false, error: { kind: 'refused' } });
});

test('a bad address is refused for good, in the provider’s words', async () => {
  const mailer = createMailer({ apiKey, from: 'desk@example.com', baseUrl: mailbox.url });
  const sent = await mailer.send({ to: 'nobody', subject: 's', html: 'h', text: 't' });
  expect(sent).toEqual({
    ok: false,
    error: { kind: 'refused', message: '400: Does not contain a valid address.' },
  });
});

test.each([
  [{ personalizations: [] }, 'personalizations'],
  [{ personalizations: [{ to: [] }] }, 'personalizations.0.to'],
  [{ from: { email: 'nobody' } }, 'from.email'],
  [{ subject: '' }, 'subject'],
  [{ subject: undefined }, 'subject'],
  [{ content: [] }, 'content'],
  [{ content: [{ type: 'text/plain', value: '' }] }, 'content.0.value'],
  [
    {
      content: [
        { type: 'text/html', value: 'h' },
        { type: 'text/plain', value: 't' },
      ],
    },
    'content',
  ],
  [
    { personalizations: [{ to: [{ email: 'a@b.co' }], cc: [{ email: 'A@b.co' }] }] },
    'personalizations.0',
  ],
])('a payload with %j is refused and %s is named', async (changes, field) => {
  const response = await post(payload(changes));
  const { errors } = (await response.json()) as { errors: { field: string }[] };
  expect(response.status).toBe(400);
  expect(errors.map((item) => item.field)).toContain(field);
});

test.each([
  ['a missing key', {}, { authorization: '' }, 401],
  ['another content type', {}, { 'content-type': 'text/plain' }, 415],
])('%s is refused as the API does', async (_, changes, headers, status) => {
  expect((await post(payload(changes), headers)).status).toBe(status);
});

test('a body that is no JSON is a bad request', async () => {
  expect((await post('{')).status).toBe(400);
});

test('the page shows a mail in a frame that can run nothing', async () => {
  await post(payload({ content: [{ type: 'text/html', value: '<script>alert(1)</script>' }] }));
  const page = await (await fetch(mailbox.url)).text();
  expect(page).toContain('<iframe sandbox');
  expect(page).not.toContain('<script>');
});

test('the mails are there as JSON, oldest first', async () => {
  await post(payload({ subject: 'last' }));
  const mails = (await (await fetch(`${mailbox.url}/mails`)).json()) as { subject: string }[];
  expect(mails.at(-1)?.subject).toBe('last');
});

test('an unknown path is not found', async () => {
  expect((await fetch(`${mailbox.url}/v3/other`)).status).toBe(404);
});

test.each([
  [{ code: 'ECONNREFUSED' }, 'notAccepted'],
  [{ code: 'ECONNABORTED' }, 'unknown'],
  [{ code: 'ECONNRESET' }, 'unknown'],
  [new TypeError('odd'), 'unknown'],
  [{ code: 429, message: 'Too Many Requests', response: { body: { errors: [] } } }, 'notAccepted'],
  [{ code: 503, message: 'Unavailable', response: { body: '<html>' } }, 'notAccepted'],
  [{ code: 413, message: 'Too large', response: { body: undefined } }, 'refused'],
])('a failure such as %j counts as %s', (failure, kind) => {
  expect(classifyMailError(failure).kind).toBe(kind);
});

test.each([
  [{ apiKey: '', from: 'desk@example.com' }, 'SENDGRID_API_KEY is not set'],
  [{ apiKey, from: '' }, 'MAIL_FROM is not set'],
])('%j is a clear error', (config, message) => {
  expect(() => createMailer(config)).toThrow(message);
});
