import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  detectColumns,
  headerlessNames,
  isHeader,
  type Role,
  type Roles,
} from '@tradewind/adapters/archive/columns';
import type { FloatRows } from '@tradewind/adapters/archive/float-columns';
import { Fault, messageOf } from '../lib/fault.ts';
import {
  decimalsOf,
  numberOf,
  sideIn,
  sideOfMaker,
  textOf,
  timeIn,
  trim,
  type Field,
} from './csv-fields.ts';

/** Rows of a file, and the finest digits that their prices and sizes have. */
export type FileRows = FloatRows & {
  readonly decimals: { readonly price: number; readonly size: number };
};

/** Which rows of a file of several markets are meant: columns and the values that they may have, in lower case. */
export type Only = Readonly<Record<string, readonly string[]>>;

type Reader = {
  readonly name: string;
  readonly read: (field: Field) => number;
  readonly grain: 'price' | 'size' | null;
};

const READERS: Readonly<Partial<Record<Role, Reader>>> = {
  ts: { name: 'ts', read: timeIn, grain: null },
  open: { name: 'open', read: numberOf, grain: 'price' },
  high: { name: 'high', read: numberOf, grain: 'price' },
  low: { name: 'low', read: numberOf, grain: 'price' },
  close: { name: 'close', read: numberOf, grain: 'price' },
  volume: { name: 'volume', read: numberOf, grain: 'size' },
  buyVolume: { name: 'buyVolume', read: numberOf, grain: null },
  trades: { name: 'trades', read: numberOf, grain: null },
  price: { name: 'price', read: numberOf, grain: 'price' },
  size: { name: 'size', read: numberOf, grain: 'size' },
  side: { name: 'side', read: sideIn, grain: null },
  buyerIsMaker: { name: 'side', read: sideOfMaker, grain: null },
};
/** More digits than this are what a float was written with, not what a venue quotes. */
const MAX_DECIMALS = 8;
const SHOWN_BAD_ROWS = 5;
const [COMMA, LINE, RETURN] = [44, 10, 13];

function bytesOf(file: string): Buffer {
  try {
    const raw = readFileSync(file);
    return raw[0] === 0x1f && raw[1] === 0x8b ? gunzipSync(raw) : raw;
  } catch (error) {
    throw new Fault(`${file} cannot be read: ${messageOf(error)}`);
  }
}

type Head = {
  readonly names: readonly string[];
  readonly start: number;
  readonly firstLine: number;
};

function headOf(file: string, bytes: Buffer): Head {
  const end = bytes.indexOf(LINE);
  const first = bytes
    .toString('utf8', 0, end < 0 ? bytes.length : end)
    .replace(/^\uFEFF/, '')
    .trim();
  if (first === '') throw new Fault(`${file} is empty, or its first line is.`);
  const cells = first.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  if (isHeader(cells))
    return { names: cells, start: end < 0 ? bytes.length : end + 1, firstLine: 2 };
  const names = headerlessNames(cells);
  if (names === undefined)
    throw new Fault(
      `${file} has no header line, and its ${cells.length} columns are of no kind that is known.\n` +
        'Put a first line with names above it, such as ts,open,high,low,close,volume.',
    );
  return { names, start: 0, firstLine: 1 };
}

type Column =
  | { readonly reader: Reader; readonly values: Float64Array }
  | { readonly only: readonly string[] }
  | null;

/** What becomes of each of the file's columns, in their order. */
function plan(
  names: readonly string[],
  roles: Roles,
  { only, rows }: { readonly only: Only; readonly rows: number },
): Column[] {
  const chosen = new Map<string, Reader>();
  for (const [role, name] of Object.entries(roles)) {
    const reader = READERS[role as Role];
    const isSecondSide = role === 'buyerIsMaker' && roles.side !== undefined;
    if (reader !== undefined && !isSecondSide) chosen.set(name, reader);
  }
  return names.map((name): Column => {
    const values = only[name.toLowerCase()];
    if (values !== undefined) return { only: values };
    const reader = chosen.get(name);
    return reader === undefined ? null : { reader, values: new Float64Array(rows) };
  });
}

type Line = { from: number; to: number };
type Grain = { price: number; size: number };

/** Reads one line into row `row`; a reason where it cannot be used, `null` where it is of another market. */
function readLine(
  field: Field,
  { from, to }: Line,
  into: { readonly columns: readonly Column[]; readonly row: number; readonly grain: Grain },
): string | boolean {
  let start = from;
  for (const column of into.columns) {
    if (start > to) return 'has fewer columns than the first line';
    const comma = field.bytes.indexOf(COMMA, start);
    const end = comma < 0 || comma > to ? to : comma;
    if (column !== null) {
      field.from = start;
      field.to = end;
      trim(field);
      if ('only' in column) {
        if (
          !column.only.includes(
            textOf(field)
              .toLowerCase()
              .replaceAll(/[^a-z0-9]/g, ''),
          )
        )
          return false;
      } else {
        const { reader, values } = column;
        const value = reader.read(field);
        if (Number.isNaN(value)) return `has no usable ${reader.name}: "${textOf(field)}"`;
        values[into.row] = value;
        if (reader.grain !== null)
          into.grain[reader.grain] = Math.max(into.grain[reader.grain], decimalsOf(field));
      }
    }
    start = end + 1;
  }
  return true;
}

function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(LINE); at >= 0; at = bytes.indexOf(LINE, at + 1)) lines += 1;
  return lines;
}

function refuseBad(file: string, bad: readonly string[], rows: number): void {
  if (bad.length === 0 && rows > 0) return;
  if (bad.length === 0)
    throw new Fault(
      `${file} has no row that could be used. Where it holds several markets, name the right one: --data SYMBOL=${file}`,
    );
  throw new Fault(
    `${file} has rows that cannot be used:\n  ${bad.slice(0, SHOWN_BAD_ROWS).join('\n  ')}${bad.length > SHOWN_BAD_ROWS ? `\n  and ${bad.length - SHOWN_BAD_ROWS} more` : ''}\n` +
      'Mend them, or import the file, which lists and leaves out bad rows: npm run tw -- data import FILE --symbol BTC-USDT',
  );
}

/**
 * Candles or trades of a CSV file straight into columns of floats, without a text or an object for any cell.
 *
 * @throws Fault in words when the file or any of its rows cannot be used.
 */
export function csvColumns(file: string, only: Only): FileRows {
  const bytes = bytesOf(file);
  const head = headOf(file, bytes);
  const found = detectColumns(head.names);
  if (!found.isFound) throw new Fault(`${file}: ${found.fault}`);
  const columns = plan(head.names, found.roles, { only, rows: countLines(bytes) });
  const grain: Grain = { price: 0, size: 0 };
  const field: Field = { bytes, from: 0, to: 0 };
  const bad: string[] = [];
  let [row, line] = [0, head.firstLine];
  for (let from = head.start; from < bytes.length; line += 1) {
    const next = bytes.indexOf(LINE, from);
    const last = next < 0 ? bytes.length : next;
    const to = bytes[last - 1] === RETURN ? last - 1 : last;
    if (to > from) {
      const outcome = readLine(field, { from, to }, { columns, row, grain });
      if (outcome === true) row += 1;
      else if (outcome !== false) bad.push(`line ${line} ${outcome}`);
    }
    from = last + 1;
  }
  refuseBad(file, bad, row);
  const read = columns.flatMap((column) =>
    column === null || 'only' in column
      ? []
      : [[column.reader.name, column.values.slice(0, row)] as const],
  );
  return {
    table: found.table,
    columns: Object.fromEntries(read),
    decimals: {
      price: Math.min(MAX_DECIMALS, grain.price),
      size: Math.min(MAX_DECIMALS, grain.size),
    },
  };
}
