import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import * as z from 'zod';
import type { BadRow } from './feed.ts';
import { layoutOf, type Layout, type Row } from './rows.ts';

const parsed = z.object({
  record: z.array(z.string()),
  info: z.object({ lines: z.number() }),
});

/** The bytes of a file, unpacked when its name ends in `.gz`. */
function openFile(path: string): Readable {
  const file = createReadStream(path);
  if (!path.endsWith('.gz')) return file;
  const unpacked = new PassThrough();
  pipeline(file, createGunzip(), unpacked).catch((error: unknown) => {
    unpacked.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return unpacked;
}

/**
 * Reads a CSV with a header row by row. A row that cannot be used is for `bad`, and the rest goes on.
 *
 * @throws RangeError when there is no such file, it cannot be unpacked, or its columns are of neither kind.
 */
export async function readRows(
  path: string,
  {
    take,
    bad,
  }: {
    readonly take: (row: Row, line: number, layout: Layout) => void;
    readonly bad: (row: BadRow) => void;
  },
): Promise<Layout> {
  await access(path).catch(() => {
    throw new RangeError(`There is no file ${path}. Give the path of a trades or candle CSV.`);
  });
  const options = {
    info: true,
    bom: true,
    trim: true,
    quote: null,
    relax_column_count: true,
    skip_empty_lines: true,
  } as const;
  let header: readonly string[] | undefined;
  let layout: Layout | undefined;
  try {
    for await (const item of openFile(path).compose(parse(options))) {
      const { record, info } = parsed.parse(item);
      if (header === undefined || layout === undefined) {
        header = record.map((name) => name.toLowerCase());
        const known = layoutOf(header);
        if (!known.ok) throw new RangeError(known.error);
        layout = known.value;
        continue;
      }
      if (record.length !== header.length)
        bad({
          line: info.lines,
          reason: `has ${record.length} values where the header has ${header.length}`,
        });
      else take(Object.fromEntries(header.map((name, i) => [name, record[i]])), info.lines, layout);
    }
  } catch (error) {
    throw new RangeError(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  if (layout === undefined) throw new RangeError(`${path} is empty.`);
  return layout;
}
