import { wallNow } from '@tradewind/adapters/clock/clock';
import { role } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';
import { getAuth } from 'firebase-admin/auth';
import { onRequest } from 'firebase-functions/v2/https';
import { store } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleApi } from './handle-api.ts';
import { asJson } from './safety.ts';

/** The user with any role whose id token it is; `null` for a token that cannot be verified, and for none. */
async function memberOf(header: string | undefined): Promise<string | null> {
  const token = /^Bearer (.+)$/.exec(header ?? '')?.[1];
  if (token === undefined) return null;
  // Verifying needs the app that the store opens.
  store();
  try {
    const decoded = await getAuth().verifyIdToken(token);
    return role.safeParse(decoded['role']).success ? decoded.uid : null;
  } catch {
    return null;
  }
}

/** Of this instance: there are few of them, and a count that all share would cost more than the reads that it counts. */
const reads = new Map<string, readonly EpochMs[]>();

/** The HTTPS door (ARC-07): `GET /health`, and for members `GET /safety`. */
export const api = onRequest({ ...base, invoker: 'public' }, (request, response) =>
  metered(async () => {
    const { method, path } = request;
    const member = () => memberOf(request.get('authorization'));
    const { status, body } = await handleApi(
      { method, path },
      { store: store(), wallNow: wallNow(), member, reads },
    );
    if (status === 429) response.set('Retry-After', String(body['retryAfter']));
    response.status(status).set('Cache-Control', 'no-store').type('json').send(asJson(body));
  }),
);
