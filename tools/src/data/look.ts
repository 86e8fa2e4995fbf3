import { plot } from 'asciichart';
import type { Inspection } from '@tradewind/adapters/archive/inspect';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { parseKind, parseMarket, parseSpan } from './arguments.ts';
import { elsewhere, labelled, withArchive, type Place } from './open-data.ts';
import { bytes, cellText, count, csvCell, length, table, time } from './show.ts';

export type Window = { readonly from?: string; readonly until?: string };

/** What the archive holds, by market and kind. */
export const list = (place: Place): Promise<Answer> =>
  withArchive(place, {}, async (archive) => {
    const markets = await archive.markets();
    const rows = markets.map((each) => [
      each.marketKey,
      each.kind,
      count(each.rows),
      time(each.from),
      time(each.to),
      String(each.files),
      bytes(each.bytes),
    ]);
    const total = markets.reduce((sum, each) => sum + each.bytes, 0);
    const text =
      rows.length === 0
        ? `The archive at ${archive.place} is empty.${await elsewhere(place)}`
        : `${table(['market', 'kind', 'rows', 'from', 'to', 'files', 'size'], rows)}\n\n${archive.place}, ${bytes(total)}`;
    return labelled(place, {
      ok: true,
      text,
      data: { place: archive.place, bytes: total, markets },
    });
  });

const SHOWN_GAPS = 10;

/** A market's rows in words, with a chart of its price. */
function describeInspection(found: Inspection): string {
  const span = found.from === null || found.to === null ? 0 : found.to - found.from;
  const longest = [...found.gaps]
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, SHOWN_GAPS);
  const gaps = longest.map(
    ({ from, to, missing }) =>
      `    ${time(from)} to ${time(to)}, ${length(to - from)}${missing === null ? '' : `, ${count(missing)} missing`}`,
  );
  const by = found.gapsBy === 'id' ? 'by trade ids' : 'by time';
  const more =
    found.gapCount > longest.length
      ? [`    and ${count(found.gapCount - longest.length)} shorter ones`]
      : [];
  return [
    `${found.marketKey} ${found.kind}`,
    `  Rows          ${count(found.rows)} in ${found.files} files, ${bytes(found.bytes)}`,
    `  Span          ${time(found.from)} to ${time(found.to)} UTC, ${length(span)}`,
    ...(found.firstId === null
      ? []
      : [`  Ids           ${found.firstId} to ${found.lastId ?? ''}`]),
    `  Gaps          ${count(found.gapCount)} (${by})`,
    ...gaps,
    ...more,
    `  Duplicates    ${count(found.duplicates)}${found.duplicates > 0 ? ' (shown once; `data compact` removes them)' : ''}`,
    `  Out of order  ${count(found.outOfOrder)}, late ${count(found.late)}, backfilled ${count(found.backfilled)}`,
    ...(found.closes.length > 1 ? ['', plot([...found.closes], { height: 10 })] : []),
  ].join('\n');
}

/** What a market's rows look like, and what is wrong with them. */
export const inspect = (
  options: Place & Window & { readonly kind?: string },
  marketKey: string,
): Promise<Answer> =>
  withArchive(options, {}, async (archive) => {
    const key = parseMarket(marketKey);
    const held = (await archive.markets({ marketKeys: [key] })).map(({ kind }) => kind);
    const kind = options.kind === undefined ? held[0] : parseKind(options.kind);
    if (kind === undefined || !held.includes(kind))
      throw new Fault(
        `The archive has no ${kind ?? 'rows'} of ${key}${held.length === 0 ? '' : `, only ${held.join(', ')}`}.${held.length === 0 ? await elsewhere(options) : ''}\n` +
          'See what there is: npm run tw -- data list',
      );
    const found = await archive.inspect(key, { kind, ...parseSpan(options, Date.now()) });
    return labelled(options, { ok: true, text: describeInspection(found), data: found });
  });

export type QueryCommand = Place &
  Window & { readonly csv: boolean; readonly limit: number; readonly market?: string };

/** Answers a question in SQL. */
export const query = (options: QueryCommand, sql: string): Promise<Answer> =>
  withArchive(options, {}, async (archive) => {
    const span = parseSpan(options, Date.now());
    const marketKeys = options.market === undefined ? undefined : [parseMarket(options.market)];
    if (!Number.isSafeInteger(options.limit) || options.limit < 1)
      throw new Fault('--limit takes a whole number above zero.');
    const result = await archive.query(sql, {
      maxRows: options.limit,
      scope: { ...span, ...(marketKeys === undefined ? {} : { marketKeys }) },
    });
    const names = result.columns.map(({ name }) => name);
    const body = options.csv
      ? [
          names.map(csvCell).join(','),
          ...result.rows.map((row) => row.map(csvCell).join(',')),
        ].join('\n')
      : table(
          names,
          result.rows.map((row) => row.map(cellText)),
        );
    const cut = result.isCut ? `\n(the first ${count(options.limit)} rows; more with --limit)` : '';
    const isEmpty = (await archive.find({})).length === 0;
    const hint = isEmpty ? await elsewhere(options) : '';
    const told = {
      ok: true,
      text: options.csv ? body : `${body}${cut}${hint}`,
      data: { columns: result.columns, rows: result.rows, isCut: result.isCut },
    };
    return labelled(options, told, options.csv);
  });
