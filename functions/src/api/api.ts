import { onRequest } from 'firebase-functions/v2/https';
import { store } from '../composition.ts';
import { base } from '../options.ts';
import { metered } from '../usage.ts';
import { handleApi } from './handle-api.ts';

/** The HTTPS door (ARC-07): `GET /health`. */
export const api = onRequest({ ...base, invoker: 'public' }, (request, response) =>
  metered(async () => {
    const { method, path } = request;
    const { status, body } = await handleApi(
      { method, path },
      { store: store(), wallNow: Date.now() },
    );
    response.status(status).set('Cache-Control', 'no-store').json(body);
  }),
);
