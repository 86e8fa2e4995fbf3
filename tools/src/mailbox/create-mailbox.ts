import { randomUUID, timingSafeEqual } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { mailboxPage } from './mailbox-page.ts';
import { validateMail, type MailFault, type MailPayload } from './validate-mail.ts';

/** A mail that was accepted. */
export type StoredMail = {
  readonly id: string;
  /** ISO time of its arrival. */
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
};

export type Mailbox = {
  readonly port: number;
  readonly url: string;
  /** Oldest first. */
  readonly mails: () => readonly StoredMail[];
  readonly close: () => Promise<void>;
};

type Config = {
  /** 0 = any free port. */
  readonly port: number;
  /** The one key that is accepted. */
  readonly apiKey: string;
  /** JSON lines, appended; without it mails live in memory alone. */
  readonly file?: string;
};

/** The real API's limit for a whole message. */
const MAX_BYTES = 30 * 1_024 * 1_024;
const KEPT = 1_000;
/** Mails may hold anything: nothing of them runs, and nothing is loaded for them. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

type Answer = {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});
const refusal = (status: number, faults: readonly MailFault[]): Answer =>
  json(status, { errors: faults });
const complaint = (status: number, message: string): Answer =>
  refusal(status, [{ message, field: null, help: null }]);

async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size <= MAX_BYTES) chunks.push(bytes);
  }
  return size > MAX_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function isAuthorised(request: IncomingMessage, apiKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${apiKey}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function stored(mail: MailPayload): StoredMail {
  const valueOf = (type: string): string | null =>
    mail.content.find((part) => part.type === type)?.value ?? null;
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    from: mail.from.email,
    to: mail.personalizations.flatMap(({ to }) => to.map(({ email }) => email)),
    subject: mail.subject ?? mail.personalizations[0]?.subject ?? '',
    html: valueOf('text/html'),
    text: valueOf('text/plain'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `POST /v3/mail/send` with the answers of the real API: 202 and an id, or what is wrong. */
async function accept(
  request: IncomingMessage,
  apiKey: string,
  keep: (mail: StoredMail) => void,
): Promise<Answer> {
  const text = await bodyOf(request);
  if (!isAuthorised(request, apiKey))
    return complaint(401, 'The provided authorization grant is invalid, expired, or revoked');
  if (text === undefined) return complaint(413, 'Payload too large: at most 30 MB are accepted.');
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return complaint(415, 'Content-Type should be application/json.');
  const body = parseJson(text);
  if (body === undefined) return complaint(400, 'Bad Request');
  const judged = validateMail(body);
  if (!judged.ok) return refusal(400, judged.faults);
  const mail = stored(judged.mail);
  keep(mail);
  return { status: 202, headers: { 'X-Message-Id': mail.id } };
}

function write(response: ServerResponse, { status, type, headers, body }: Answer): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    ...(type === undefined ? {} : { 'Content-Type': type }),
    ...headers,
  });
  response.end(body);
}

/**
 * A mailbox on this machine that speaks SendGrid's `POST /v3/mail/send` and judges payloads as
 * the real API does. `GET /` shows the mails in a page, `GET /mails` returns them as JSON.
 *
 * @throws Error when the port is busy.
 */
export async function createMailbox({ port, apiKey, file }: Config): Promise<Mailbox> {
  const mails: StoredMail[] = [];
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  const keep = (mail: StoredMail): void => {
    mails.push(mail);
    if (mails.length > KEPT) mails.shift();
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(mail)}\n`);
  };
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const route = `${request.method ?? ''} ${(request.url ?? '/').split('?')[0] ?? '/'}`;
    if (route === 'POST /v3/mail/send') return accept(request, apiKey, keep);
    if (route === 'GET /mails') return json(200, mails);
    if (route === 'GET /')
      return {
        status: 200,
        type: 'text/html; charset=utf-8',
        headers: { 'Content-Security-Policy': POLICY },
        body: mailboxPage(mails),
      };
    return complaint(404, `There is nothing at ${route}`);
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (result) => {
        write(response, result);
      },
      (error: unknown) => {
        write(response, complaint(500, String(error)));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    mails: () => mails,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
