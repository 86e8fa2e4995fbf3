import { initializeApp, type App } from 'firebase-admin/app';
import type { Environment } from '../config/environment.ts';

/**
 * The Firebase app of a process, with the platform's credentials.
 *
 * In the emulator it names a service account. Without one, every task that is enqueued first looks
 * for the cloud's metadata server and waits until that fails.
 */
export const openApp = ({ emulated, projectId }: Environment): App =>
  emulated && projectId !== undefined
    ? initializeApp({ projectId, serviceAccountId: 'desk@emulated.invalid' })
    : initializeApp();
