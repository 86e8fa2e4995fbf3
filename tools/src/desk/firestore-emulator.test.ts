import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFirestoreEmulator, launcherJar, manifestLine } from './firestore-emulator.ts';

describe('manifestLine', () => {
  test('leaves a short line alone', () => {
    expect(manifestLine('Manifest-Version: 1.0')).toBe('Manifest-Version: 1.0\r\n');
  });
  test('continues a long one, no line over 72 bytes with its end, nothing lost', () => {
    const text = `Class-Path: file:///${'x'.repeat(300)}.jar`;
    const lines = manifestLine(text).split('\r\n').slice(0, -1);
    expect(lines.every((line) => line.length + 2 <= 72)).toBe(true);
    expect(lines.map((line, i) => (i === 0 ? line : line.slice(1))).join('')).toBe(text);
  });
});

test('the launcher names the class and the jar, spaces encoded', () => {
  const text = launcherJar('/opt/my sdk/emulator.jar').toString('latin1');
  expect(text).toContain('Main-Class: com.google.cloud.datastore.emulator.firestore');
  expect(text).toContain('my%20sdk');
});

test('a path that a person gives comes first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tw-jar-'));
  expect(findFirestoreEmulator('/some/where.jar', folder)).toEqual({
    kind: 'given',
    path: '/some/where.jar',
  });
  rmSync(folder, { recursive: true });
});
