import * as z from 'zod';
import type { Context } from '../context.ts';
import { checkKey, checkSignature, checkTime } from '../rest/auth.ts';
import { errors, type ApiError } from '../rest/errors.ts';

const requestSchema = z.object({
  id: z.union([z.string(), z.number(), z.null()]),
  method: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});

type Params = Readonly<Record<string, string>>;

/** The signature covers the parameters in alphabetical order (web-socket-api.md, SIGNED requests). */
function checkSocketSigned(params: Params, context: Context): ApiError | null {
  const key = checkKey(params['apiKey'], context.apiKey);
  if (key !== null) return key;
  const time = checkTime(params, context.wallNow());
  if (time !== null) return time;
  const { signature, ...rest } = params;
  if (signature === undefined) return errors.mandatory('signature');
  const names = Object.keys(rest).toSorted();
  const payload = names.map((name) => `${name}=${rest[name] ?? ''}`).join('&');
  return checkSignature(payload, signature, context.apiSecret);
}

/** What a request over the socket asks for: an answer, and whether the user stream starts or stops. */
export type SocketAnswer = {
  readonly reply: object;
  readonly user: 'subscribe' | 'unsubscribe' | null;
};

/** Answers one request of the socket interface; `subscriptionId` is the one that a start would get. */
export function answerSocket(text: string, context: Context, subscriptionId: number): SocketAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = requestSchema.safeParse(json);
  if (!parsed.success)
    return {
      reply: { id: null, status: 400, error: { code: -1102, msg: 'Malformed request.' } },
      user: null,
    };
  const { id, method } = parsed.data;
  const params: Params = Object.fromEntries(
    Object.entries(parsed.data.params).map(([name, value]) => [name, String(value)]),
  );
  const done = (result: object, user: SocketAnswer['user'] = null): SocketAnswer => ({
    reply: { id, status: 200, result, rateLimits: [] },
    user,
  });
  const refused = ({ status, code, msg }: ApiError): SocketAnswer => ({
    reply: { id, status, error: { code, msg } },
    user: null,
  });
  switch (method) {
    case 'ping':
      return done({});
    case 'time':
      return done({ serverTime: context.wallNow() });
    case 'userDataStream.subscribe.signature': {
      const denied = checkSocketSigned(params, context);
      return denied === null ? done({ subscriptionId }, 'subscribe') : refused(denied);
    }
    case 'userDataStream.unsubscribe':
      return done({}, 'unsubscribe');
    default:
      return refused({ status: 400, code: -1000, msg: `Method ${method} is not played here.` });
  }
}
