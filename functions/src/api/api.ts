import { role } from '@tradewind/contracts/documents/system';
import { getAuth } from 'firebase-admin/auth';
import { onRequest } from 'firebase-functions/v2/https';
import { store } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleApi } from './handle-api.ts';
import { asJson } from './safety.ts';

/** True for the id token of a user who has any role; a token that cannot be verified is none. */
async function hasRole(header: string | undefined): Promise<boolean> {
  const token = /^Bearer (.+)$/.exec(header ?? '')?.[1];
  if (token === undefined) return false;
  // Verifying needs the app that the store opens.
  store();
  try {
    const decoded = await getAuth().verifyIdToken(token);
    return role.safeParse(decoded['role']).success;
  } catch {
    return false;
  }
}

/** The HTTPS door (ARC-07): `GET /health`, and for members `GET /safety`. */
export const api = onRequest({ ...base, invoker: 'public' }, (request, response) =>
  metered(async () => {
    const { method, path } = request;
    const isMember = () => hasRole(request.get('authorization'));
    const { status, body } = await handleApi(
      { method, path },
      { store: store(), wallNow: Date.now(), isMember },
    );
    response.status(status).set('Cache-Control', 'no-store').type('json').send(asJson(body));
  }),
);
