import { loadRuntimeConfig } from './runtime-config.ts';

const files =
  (served: Readonly<Record<string, unknown>>) =>
  async (path: string): Promise<unknown> =>
    served[path] ?? null;
const desk = { projectId: 'demo-x', apiKey: 'k', authPort: 1, firestorePort: 2, functionsPort: 3 };

test('the local desk’s file wins', async () => {
  const config = await loadRuntimeConfig(files({ '/desk.json': desk }));
  expect(config).toEqual({ ok: true, value: { kind: 'desk', ...desk } });
});

test('a deployed page asks Firebase Hosting', async () => {
  const config = await loadRuntimeConfig(
    files({ '/__/firebase/init.json': { projectId: 'p', apiKey: 'k', messagingSenderId: '1' } }),
  );
  expect(config).toMatchObject({ ok: true, value: { kind: 'project', projectId: 'p' } });
});

test('a page that is served from nowhere says what to do', async () => {
  const config = await loadRuntimeConfig(files({}));
  expect(config.ok ? '' : config.error).toContain('npm start');
});

test('a broken file names its fault instead of connecting somewhere else', async () => {
  const config = await loadRuntimeConfig(files({ '/desk.json': { ...desk, authPort: 0 } }));
  expect(config.ok ? '' : config.error).toContain('authPort');
});
