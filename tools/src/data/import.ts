import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Archive } from '@tradewind/adapters/archive/archive';
import { importFile, type ImportReport } from '@tradewind/adapters/archive/import-file';
import { describeImport } from '@tradewind/adapters/archive/import-session';
import { dataSessionDoc, type DataSessionDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { marketKeyOf } from '@tradewind/core/instrument/instrument';
import { epochMs } from '@tradewind/core/lib/time';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { parseKind, parseMarket, parseSymbol } from './arguments.ts';
import { connectIfRunning, type Desk } from './desk-store.ts';
import { fromHere, labelled, withArchive, type Place } from './open-data.ts';
import { count, csvCell, time } from './show.ts';

export type ImportCommand = Place &
  Desk & {
    readonly venue: string;
    readonly market: 'spot';
    readonly symbol: string;
    readonly timeframe?: string;
    readonly trades: boolean;
    readonly only: Readonly<Record<string, string>>;
    readonly name?: string;
    readonly session: boolean;
    readonly badRows?: string;
  };

const SHOWN_BAD_ROWS = 15;

/** Names what was imported as a session in the archive, and in the ledger of a desk that runs (MD-94). */
async function makeSession(
  archive: Archive,
  options: ImportCommand,
  {
    name,
    marketKey,
    report,
  }: { readonly name: string; readonly marketKey: string; readonly report: ImportReport },
): Promise<{ readonly session: DataSessionDoc; readonly isInLedger: boolean } | undefined> {
  if (!options.session || report.from === null || report.to === null) return undefined;
  const session = await describeImport(archive, {
    name: options.name ?? name,
    marketKey,
    kind: report.kind,
    from: report.from,
    to: report.to,
    now: epochMs(Date.now()),
  });
  await archive.sessions.put(session);
  const store = await connectIfRunning(options);
  await store?.set(paths.dataSession(session.sessionId), dataSessionDoc, session);
  return { session, isInLedger: store !== undefined };
}

function describeReport(name: string, marketKey: string, report: ImportReport): string[] {
  const roles = Object.entries(report.roles).map(([role, column]) => `${role}=${column}`);
  const shown = report.badRows.slice(0, SHOWN_BAD_ROWS);
  const known = report.known === 0 ? '' : `, ${count(report.known)} were there already`;
  return [
    `${name}: ${count(report.stored)} of ${count(report.rows)} rows stored as ${marketKey} ${report.kind}${known}.`,
    ...(report.from === null ? [] : [`  Span     ${time(report.from)} to ${time(report.to)} UTC`]),
    `  Columns  ${roles.join(', ')}`,
    ...(report.bad === 0 ? [] : [`  ${count(report.bad)} bad rows were left out:`]),
    ...shown.map(({ line, reason }) => `    line ${line}: ${reason}`),
    ...(report.bad > shown.length
      ? [`    and ${count(report.bad - shown.length)} more: list them with --bad-rows FILE`]
      : []),
  ];
}

/** Imports a file of trades or candles; good rows are kept, bad ones listed. */
export const importData = (options: ImportCommand, path: string): Promise<Answer> => {
  const file = fromHere(path);
  const name = basename(file);
  const key = parseMarket(
    marketKeyOf(options.venue.toLowerCase(), options.market, parseSymbol(options.symbol)),
  );
  if (options.trades && options.timeframe !== undefined)
    throw new Fault('Give --trades or --timeframe, not both: a file holds one or the other.');
  const kind = options.trades
    ? 'ticks'
    : options.timeframe === undefined
      ? undefined
      : parseKind(options.timeframe);
  return withArchive(options, { isNew: true }, async (archive) => {
    const report = await importFile(archive, {
      file,
      marketKey: key,
      kind,
      only: options.only,
      now: Date.now(),
    });
    if (options.badRows !== undefined) {
      const lines = report.badRows.map(({ line, reason }) => `${line},${csvCell(reason)}`);
      writeFileSync(fromHere(options.badRows), ['line,reason', ...lines, ''].join('\n'));
    }
    const made = await makeSession(archive, options, { name, marketKey: key, report });
    const session =
      made === undefined
        ? []
        : [
            `  Session  ${made.session.sessionId} (${made.session.granularity}, ${made.session.coveragePct[key] ?? 0} % covered)` +
              (made.isInLedger ? '' : '; kept in the archive, as no desk runs'),
          ];
    const { roles, ...figures } = report;
    return labelled(options, {
      ok: report.stored + report.known > 0,
      text: [...describeReport(name, key, report), ...session].join('\n'),
      data: {
        file,
        marketKey: key,
        columns: roles,
        ...figures,
        sessionId: made?.session.sessionId ?? null,
      },
    });
  });
};
