import { err, ok, type Result } from '@tradewind/core/lib/result';
import * as z from 'zod';

const port = z.int().min(1).max(65_535);

/** Written by the local desk beside the page. */
const deskFile = z.object({
  projectId: z.string().min(1),
  apiKey: z.string().min(1),
  authPort: port,
  firestorePort: port,
  functionsPort: port,
  mailboxUrl: z.url().optional(),
});

/** Served by Firebase Hosting for the project that it belongs to. */
const hostingFile = z.object({
  projectId: z.string().min(1),
  apiKey: z.string().min(1),
  authDomain: z.string().optional(),
  appId: z.string().optional(),
});

/** Where the dashboard's Firebase is. */
export type RuntimeConfig =
  | ({ readonly kind: 'desk' } & z.infer<typeof deskFile>)
  | ({ readonly kind: 'project' } & z.infer<typeof hostingFile>);

/** Body of a file as JSON, `null` where there is none. */
export type FetchJson = (path: string) => Promise<unknown>;

const faults = (path: string, error: z.ZodError): string =>
  `${path} is not usable: ${error.issues
    .map((issue) => `${issue.path.length === 0 ? 'file' : issue.path.join('.')} ${issue.message}`)
    .join('; ')}.`;

/** Asks the local desk first, then Firebase Hosting. The error is text for people. */
export async function loadRuntimeConfig(
  fetchJson: FetchJson,
): Promise<Result<RuntimeConfig, string>> {
  const desk = await fetchJson('/desk.json');
  if (desk !== null) {
    const parsed = deskFile.safeParse(desk);
    return parsed.success
      ? ok({ kind: 'desk', ...parsed.data })
      : err(faults('/desk.json', parsed.error));
  }
  const hosted = await fetchJson('/__/firebase/init.json');
  if (hosted === null)
    return err(
      'This page does not know its Firebase project: neither /desk.json nor /__/firebase/init.json is served here. ' +
        'Start the desk with "npm start" and open the address that it prints, or deploy to Firebase Hosting.',
    );
  const parsed = hostingFile.safeParse(hosted);
  return parsed.success
    ? ok({ kind: 'project', ...parsed.data })
    : err(faults('/__/firebase/init.json', parsed.error));
}

/** Fetches a file; a missing one, and the page that Hosting serves in its place, is `null`. */
export async function fetchJsonFile(path: string): Promise<unknown> {
  const response = await fetch(path, { cache: 'no-store' });
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !type.includes('json')) return null;
  return response.json();
}
