import { crc32 } from 'node:zlib';

/** 1980-01-01, the first day that the format knows: archives of equal content are equal. */
const DOS_DATE = 0x0021;
const VERSION = 20;

function header(signature: number, fields: readonly (readonly [size: 2 | 4, value: number])[]) {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [size]) => sum + size, 0));
  bytes.writeUInt32LE(signature, 0);
  let offset = 4;
  for (const [size, value] of fields) {
    if (size === 2) bytes.writeUInt16LE(value, offset);
    else bytes.writeUInt32LE(value, offset);
    offset += size;
  }
  return bytes;
}

/** A zip archive of `files`, stored without compression (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16). */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const common = [
      [2, VERSION],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, DOS_DATE],
      [4, crc32(content)],
      [4, content.length],
      [4, content.length],
      [2, name.length],
      [2, 0],
    ] as const;
    local.push(header(0x04034b50, common), name, content);
    central.push(
      header(0x02014b50, [[2, VERSION], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]),
      name,
    );
    offset += 30 + name.length + content.length;
  }
  const count = central.length / 2;
  const directory = Buffer.concat(central);
  const end = header(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, directory.length],
    [4, offset],
    [2, 0],
  ]);
  return Buffer.concat([...local, directory, end]);
}
