import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zip } from './zip.ts';

const START = 0x04034b50;
const END = 0x06054b50;

describe('zip', () => {
  test('starts with a local header, ends with a directory that counts the files', () => {
    const archive = zip({ 'a.txt': 'one', 'b/c.txt': 'two' });
    expect(archive.readUInt32LE(0)).toBe(START);
    expect(archive.readUInt32LE(archive.length - 22)).toBe(END);
    expect(archive.readUInt16LE(archive.length - 22 + 10)).toBe(2);
  });

  test('is read by java, which verifies sizes and checksums', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tw-zip-'));
    try {
      const path = join(folder, 'launcher.jar');
      writeFileSync(
        path,
        zip({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\nMain-Class: No.Such\r\n\r\n' }),
      );
      const run = (): string =>
        execFileSync('java', ['-jar', path], { encoding: 'utf8', stdio: 'pipe' });
      // Java opens the archive, reads the manifest and looks for the class that it names.
      expect(run).toThrow(/No\.Such/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
