import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quickStart } from './emulators.ts';

const root = join(import.meta.dirname, '../../..');
const SCRIPT = `
  const shared = require('./node_modules/firebase-tools/lib/emulator/functionsEmulatorShared.js');
  const ofCli = () => Object.keys(require.cache).filter((path) => /firebase-tools.lib.deploy/.test(path));
  const before = ofCli().length;
  shared.prepareEndpoints([]);
  const header = shared.HttpConstants.CALLABLE_AUTH_HEADER;
  process.stdout.write(JSON.stringify({ header, before, isLoadedWhenUsed: ofCli().length > 0 }));`;

test('a runtime of functions loads nothing of the Firebase CLI but what it uses', async () => {
  const args = [quickStart(root), '--eval', SCRIPT, '/functionsEmulatorRuntime'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(JSON.parse(stdout)).toEqual({
    header: 'x-callable-context-auth',
    before: 0,
    isLoadedWhenUsed: true,
  });
}, 60_000);
