import type { Store } from '@tradewind/adapters/ledger/store';
import { heartbeatDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { READ_PACE } from '@tradewind/contracts/pace';
import { admit } from '@tradewind/core/lib/pace';
import type { EpochMs } from '@tradewind/core/lib/time';
import { readSafety } from './safety.ts';

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> };
type Deps = {
  readonly store: Store;
  readonly wallNow: EpochMs;
  /** The user with a role who asks; `null` when nobody does. */
  readonly member: () => Promise<string | null>;
  /** When each user last read, by uid; changed in place. */
  readonly reads: Map<string, readonly EpochMs[]>;
};

/** Counts a read of a user: in how many seconds to come again where it is one too many, else `null` (ARC-62). */
function waitFor({ reads, wallNow }: Deps, uid: string): number | null {
  const said = admit(reads.get(uid) ?? [], wallNow, READ_PACE);
  if (!said.admitted) return Math.ceil(said.retryAfterMs / 1_000);
  reads.set(uid, said.recent);
  return null;
}

async function safety(deps: Deps): Promise<Answer> {
  const uid = await deps.member();
  if (uid === null)
    return {
      status: 401,
      body: {
        ok: false,
        code: 'unauthenticated',
        message: 'Send the id token of a signed-in user as "Authorization: Bearer …".',
      },
    };
  const retryAfter = waitFor(deps, uid);
  if (retryAfter !== null)
    return {
      status: 429,
      body: {
        ok: false,
        code: 'too_many_requests',
        message: `You asked ${READ_PACE.most} times within a minute. Ask again in ${retryAfter} s.`,
        retryAfter,
      },
    };
  return { status: 200, body: await readSafety(deps.store, deps.wallNow) };
}

/** Deployed revision, named by the platform. */
const version = (): string => process.env['K_REVISION'] ?? 'local';

/**
 * Signs of life of every component. `ok` only while each one that is not stopped was heard of
 * within its own limit: silence is never taken for health.
 */
async function health({ store, wallNow }: Deps): Promise<Answer> {
  const beats = await store.query(store.firestore.collection(paths.heartbeats), heartbeatDoc);
  const components = beats.map((beat) => {
    const ageMs = wallNow - beat.beatAt;
    return {
      component: beat.component,
      status: beat.status,
      detail: beat.detail,
      ageMs,
      maxAgeMs: beat.maxAgeMs,
      ok: beat.status === 'STOPPED' || (ageMs <= beat.maxAgeMs && beat.status !== 'STALE'),
    };
  });
  const isHealthy = components.every((component) => component.ok);
  const body = {
    ok: isHealthy,
    version: version(),
    time: new Date(wallNow).toISOString(),
    components,
  };
  return { status: isHealthy ? 200 : 503, body };
}

/** Routes of the HTTPS door; every answer is JSON. */
export async function handleApi(
  { method, path }: { readonly method: string; readonly path: string },
  deps: Deps,
): Promise<Answer> {
  const route = path.replace(/^\/api(?=\/|$)/, '').replace(/\/+$/, '');
  if (route !== '/health' && route !== '/safety')
    return {
      status: 404,
      body: {
        ok: false,
        code: 'not_found',
        message: `There is nothing at ${path}. Try GET /health or GET /safety.`,
      },
    };
  if (method !== 'GET' && method !== 'HEAD')
    return {
      status: 405,
      body: { ok: false, code: 'method_not_allowed', message: `${route} answers GET only.` },
    };
  if (route === '/health') return health(deps);
  return safety(deps);
}
