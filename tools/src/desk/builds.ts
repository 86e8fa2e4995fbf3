import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from '../lib/child.ts';
import { Fault } from '../lib/fault.ts';
import type { Ports } from '../lib/ports.ts';
import { BUILD_TARGETS, isFresh, markBuilt, sourceStamp, type BuildTarget } from './build.ts';
import { PROJECT } from './emulators.ts';

async function buildOne(root: string, folder: string, target: BuildTarget): Promise<void> {
  const stamp = sourceStamp(root, target);
  const logFile = join(folder, `logs/build-${target.name}.log`);
  const child = startChild({
    name: `build ${target.name}`,
    command: process.execPath,
    args: target.args,
    cwd: join(root, target.name),
    env: process.env,
    logFile,
  });
  const { code } = await child.exited;
  if (code !== 0) throw new Fault(`Building ${target.name} failed (${logFile}):\n${child.tail()}`);
  markBuilt(root, target, stamp);
}

/** The targets whose sources changed since they were built. */
export const staleTargets = (root: string): readonly BuildTarget[] =>
  BUILD_TARGETS.filter((target) => !isFresh(root, target));

/** Builds what is stale. @throws Fault with the builder's words. */
export async function buildStale(root: string, folder: string): Promise<void> {
  for (const target of staleTargets(root)) await buildOne(root, folder, target);
}

/** Puts the built dashboard, with the addresses of this desk, where its Hosting emulator serves it. */
export function publishDashboard(root: string, folder: string, ports: Ports): void {
  const published = join(folder, 'public');
  rmSync(published, { recursive: true, force: true });
  mkdirSync(published, { recursive: true });
  cpSync(join(root, 'hosting/dist'), published, { recursive: true });
  const runtime = {
    projectId: PROJECT,
    apiKey: 'demo',
    authPort: ports.auth,
    firestorePort: ports.firestore,
    functionsPort: ports.functions,
    mailboxUrl: `http://127.0.0.1:${ports.mailbox}`,
  };
  writeFileSync(join(published, 'desk.json'), JSON.stringify(runtime));
}
