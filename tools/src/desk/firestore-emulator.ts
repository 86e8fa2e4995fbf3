import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import { zip } from '../lib/zip.ts';

/** How the Firestore emulator is found. */
export type FirestoreEmulator =
  | { readonly kind: 'given'; readonly path: string }
  | { readonly kind: 'cached' }
  | { readonly kind: 'gcloud'; readonly path: string }
  | { readonly kind: 'download' };

const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
const JAR = 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';

/** Manifest lines are at most 72 bytes; longer ones go on after a newline and a space (JAR specification). */
export function manifestLine(text: string): string {
  let line = text.slice(0, 70);
  for (let at = 70; at < text.length; at += 69) line += `\r\n ${text.slice(at, at + 69)}`;
  return `${line}\r\n`;
}

/** Archive of nothing but a manifest: it lets `java -jar` start a jar that names no main class. */
export const launcherJar = (jar: string): Buffer =>
  zip({
    'META-INF/MANIFEST.MF':
      manifestLine('Manifest-Version: 1.0') +
      manifestLine(`Main-Class: ${MAIN_CLASS}`) +
      manifestLine(`Class-Path: ${pathToFileURL(jar).href}`) +
      '\r\n',
  });

function gcloudRoots(): readonly string[] {
  const asked = spawnSync('gcloud', ['info', '--format=value(installation.sdk_root)'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const answered = asked.status === 0 ? [asked.stdout.trim()] : [];
  return [
    '/usr/lib/google-cloud-sdk',
    join(homedir(), 'google-cloud-sdk'),
    '/opt/homebrew/share/google-cloud-sdk',
    ...answered,
  ];
}

function isCached(): boolean {
  const folder = join(homedir(), '.cache/firebase/emulators');
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((name) => /^cloud-firestore-emulator-.*\.jar$/.test(name));
}

/**
 * Looks, in this order, at FIRESTORE_EMULATOR_BINARY_PATH, the cache of firebase-tools, and the
 * Google Cloud CLI, for which a launcher is written to `folder`. Otherwise firebase-tools downloads it.
 */
export function findFirestoreEmulator(
  given: string | undefined,
  folder: string,
): FirestoreEmulator {
  if (given !== undefined && given !== '') return { kind: 'given', path: given };
  if (isCached()) return { kind: 'cached' };
  const jar = gcloudRoots()
    .map((root) => join(root, JAR))
    .find((path) => existsSync(path));
  if (jar === undefined) return { kind: 'download' };
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'firestore-launcher.jar');
  writeFileSync(path, launcherJar(jar));
  return { kind: 'gcloud', path };
}
