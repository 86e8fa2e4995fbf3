import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import * as z from 'zod';
import type { Ports } from '../lib/ports.ts';

const header = z.strictObject({ key: z.string(), value: z.string() });
const firebaseJson = z.looseObject({
  functions: z.array(z.looseObject({ source: z.string(), predeploy: z.unknown().optional() })),
  hosting: z.looseObject({
    public: z.string(),
    headers: z.array(z.looseObject({ headers: z.array(header) })),
  }),
});

/** The emulators that a desk runs, in the words of `--only`. */
export const EMULATORS = ['auth', 'functions', 'firestore', 'hosting', 'tasks'] as const;

/** The dashboard's policy, opened for emulators on this machine, which production must not reach. */
function reachEmulators({ key, value }: z.infer<typeof header>) {
  if (key !== 'Content-Security-Policy') return { key, value };
  const local = "connect-src 'self' http://127.0.0.1:* http://localhost:*";
  return { key, value: value.replace("connect-src 'self'", local) };
}

/** Variant of `firebase.json` for the emulators: our ports, loopback only, no UI (a separate download). */
export function deskConfig(source: string, ports: Ports, published: string): object {
  const config = firebaseJson.parse(JSON.parse(source));
  const at = (port: number) => ({ host: '127.0.0.1', port });
  return {
    ...config,
    // The workspace, not what is deployed of it: the emulator reads secrets beside its package.json.
    functions: config.functions.map((codebase) => ({
      ...codebase,
      source: dirname(codebase.source),
      predeploy: undefined,
    })),
    hosting: {
      ...config.hosting,
      public: published,
      headers: config.hosting.headers.map(({ headers, ...rest }) => ({
        ...rest,
        headers: headers.map(reachEmulators),
      })),
    },
    emulators: {
      auth: at(ports.auth),
      functions: at(ports.functions),
      firestore: { ...at(ports.firestore), websocketPort: ports.firestoreSocket },
      hosting: at(ports.hosting),
      hub: at(ports.hub),
      logging: at(ports.logging),
      tasks: at(ports.tasks),
      eventarc: at(ports.eventarc),
      ui: { enabled: false },
      singleProjectMode: true,
    },
  };
}

/** A config file beside `firebase.json`, because firebase-tools resolves paths against its folder. */
export function writeDeskConfig(root: string, folder: string, ports: Ports) {
  const source = readFileSync(join(root, 'firebase.json'), 'utf8');
  const published = relative(root, join(folder, 'public')).split(sep).join('/');
  const path = join(root, `.firebase.desk-${ports.hub}.json`);
  writeFileSync(path, JSON.stringify(deskConfig(source, ports, published), null, 2));
  return {
    path,
    remove: () => {
      rmSync(path, { force: true });
    },
  };
}
