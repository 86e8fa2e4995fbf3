import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, openAsBlob } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { ArchiveFiles, BucketAccess, StoredFile } from './archive-files.ts';

const ENDPOINT = 'https://storage.googleapis.com';
/** Longest time for one request, downloads included. */
const DEADLINE_MS = 60_000;

const page = z.object({
  items: z.array(z.object({ name: z.string(), size: z.string() })).default([]),
  nextPageToken: z.string().optional(),
});

/** The token of the account that this process runs as. */
async function ownToken(): Promise<string> {
  const { applicationDefault } = await import('firebase-admin/app');
  const { access_token } = await applicationDefault().getAccessToken();
  return access_token;
}

type Ask = (
  path: string,
  init?: { readonly method?: string; readonly body?: Blob },
) => Promise<Response>;

/** Asks Cloud Storage; `404` is an answer, everything else that failed is an error with its words. */
const asker =
  (endpoint: string, token: () => Promise<string>): Ask =>
  async (path, init = {}) => {
    const reply = await fetch(`${endpoint}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${await token()}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (reply.ok || reply.status === 404) return reply;
    const words = (await reply.text()).slice(0, 300);
    throw new Error(
      `Cloud Storage answered ${reply.status} to ${init.method ?? 'GET'} ${path}: ${words}`,
    );
  };

/** The listing of a prefix, page by page. */
async function listBucket(ask: Ask, bucket: string, prefix: string): Promise<StoredFile[]> {
  const found: StoredFile[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({
      prefix,
      fields: 'items(name,size),nextPageToken',
      ...(next === undefined ? {} : { pageToken: next }),
    });
    const reply = await ask(`/storage/v1/b/${bucket}/o?${query.toString()}`);
    if (!reply.ok)
      throw new Error(`There is no bucket "${bucket}", or this account may not list it.`);
    const { items, nextPageToken } = page.parse(await reply.json());
    found.push(...items.map(({ name, size }) => ({ path: name, bytes: Number(size) })));
    next = nextPageToken;
  } while (next !== undefined);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * An archive in a Cloud Storage bucket, through its JSON API: four requests need no client library. An upload
 * is atomic there: an object shows when it is complete.
 */
export function createBucketFiles(
  bucket: string,
  prefix: string,
  { token = ownToken, endpoint = ENDPOINT, cacheFolder }: BucketAccess,
): ArchiveFiles {
  const ask = asker(endpoint, token);
  const base = prefix === '' ? '' : `${prefix}/`;
  const cache = cacheFolder ?? join(tmpdir(), 'tradewind-archive', bucket, prefix);
  const object = (path: string): string => `${bucket}/o/${encodeURIComponent(base + path)}`;
  const copy = (path: string): string => join(cache, path);
  return {
    place: `gs://${bucket}/${prefix}`,
    root: cache,
    isRemote: true,
    list: async (start) => {
      const files = await listBucket(ask, bucket, base + start);
      return files.map(({ path, bytes }) => ({ path: path.slice(base.length), bytes }));
    },
    put: async (local, path) => {
      const name = encodeURIComponent(base + path);
      const target = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${name}`;
      const reply = await ask(target, { method: 'POST', body: await openAsBlob(local) });
      if (!reply.ok) throw new Error(`There is no bucket "${bucket}" to write ${path} to.`);
      await rm(copy(path), { force: true });
      await mkdir(dirname(copy(path)), { recursive: true });
      await rename(local, copy(path));
    },
    fetch: async (path) => {
      const known = await stat(copy(path)).catch(() => undefined);
      if (known !== undefined) return copy(path);
      const reply = await ask(`/storage/v1/b/${object(path)}?alt=media`);
      if (!reply.ok || reply.body === null)
        throw new Error(`gs://${bucket}/${base}${path} does not exist`);
      const arriving = join(cache, '.incoming', randomUUID());
      await mkdir(dirname(arriving), { recursive: true });
      await mkdir(dirname(copy(path)), { recursive: true });
      await pipeline(Readable.fromWeb(reply.body), createWriteStream(arriving));
      await rename(arriving, copy(path));
      return copy(path);
    },
    remove: async (path) => {
      await ask(`/storage/v1/b/${object(path)}`, { method: 'DELETE' });
      await rm(copy(path), { force: true });
    },
    scratch: (name) => {
      mkdirSync(join(cache, '.incoming'), { recursive: true });
      return join(cache, '.incoming', name);
    },
  };
}
