import type { Cell } from '@tradewind/adapters/archive/query';

/** Rows under their headings, columns as wide as their widest cell; numbers to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, index) =>
    Math.max(heading.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const isNumeric = headings.map((_, index) =>
    rows.every((row) => /^[-+]?[\d,.]*( ?[kMGT]?B|%)?$/.test(row[index] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) =>
        isNumeric[index] === true
          ? text.padStart(widths[index] ?? 0)
          : text.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(headings), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

/** 1234567 as `1,234,567`. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** Bytes in the unit that leaves few digits. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const shown = value / 1_000 ** power;
  return `${power === 0 ? shown : shown.toFixed(1)} ${units[power] ?? ''}`;
}

/** `2026-11-20 14:00:05`, UTC. */
export const time = (at: number | null): string =>
  at === null ? '–' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** A length of time in its largest two units. */
export function length(ms: number): string {
  const parts = [
    [Math.floor(ms / 86_400_000), 'd'],
    [Math.floor(ms / 3_600_000) % 24, 'h'],
    [Math.floor(ms / 60_000) % 60, 'min'],
    [Math.floor(ms / 1_000) % 60, 's'],
  ] as const;
  const used = parts.filter(([value]) => value > 0).slice(0, 2);
  return used.length === 0 ? `${ms} ms` : used.map(([value, unit]) => `${value} ${unit}`).join(' ');
}

/** A value of a query's answer, for people. */
export const cellText = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);

/** A value as CSV has it: quoted where it must be. */
export function csvCell(cell: Cell): string {
  const text = cellText(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
