import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { exportRows } from '@tradewind/adapters/archive/export-rows';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { parseKind, parseMarket, parseSpan } from './arguments.ts';
import type { Window } from './look.ts';
import { elsewhere, fromHere, labelled, withArchive, type Place } from './open-data.ts';
import { bytes, count } from './show.ts';

type ExportCommand = Place &
  Window & { readonly to: string; readonly kind?: string; readonly force: boolean };

/** Writes a market's rows into a file of its own. */
export const exportMarket = (options: ExportCommand, marketKey: string): Promise<Answer> =>
  withArchive(options, {}, async (archive) => {
    const key = parseMarket(marketKey);
    const file = fromHere(options.to);
    if (!existsSync(dirname(file))) throw new Fault(`The folder ${dirname(file)} does not exist.`);
    if (existsSync(file) && !options.force)
      throw new Fault(
        `${file} is there already. Choose another name, or overwrite it with --force.`,
      );
    const held = (await archive.markets({ marketKeys: [key] })).map(({ kind }) => kind);
    const kind = options.kind === undefined ? held[0] : parseKind(options.kind);
    const span = parseSpan(options, Date.now());
    const rows =
      kind === undefined ? 0 : await exportRows(archive, { marketKey: key, kind, ...span, file });
    if (rows === 0)
      throw new Fault(
        `There is nothing to export: no ${kind ?? 'rows'} of ${key} in that span.${held.length === 0 ? await elsewhere(options) : ''}\nSee what there is: npm run tw -- data list`,
      );
    return labelled(options, {
      ok: true,
      text: `${count(rows)} rows of ${key} (${kind ?? ''}) are in ${file}`,
      data: { marketKey: key, kind, rows, file },
    });
  });

/** Merges the files of each folder into one. */
export const compact = (options: Place & { readonly all: boolean }): Promise<Answer> =>
  withArchive(options, {}, async (archive) => {
    const report = await archive.compact({ isOpenToo: options.all });
    const faults = report.faults.map(({ folder, fault }) => `\n  ${folder}: ${fault}`);
    const done =
      report.folders === 0
        ? 'Nothing to merge: every folder is one file already.'
        : `${count(report.filesBefore)} files became ${count(report.filesAfter)}, ${bytes(report.bytesBefore)} became ${bytes(report.bytesAfter)}.`;
    return labelled(options, {
      ok: faults.length === 0,
      text: `${done}${faults.length === 0 ? '' : `\nCould not be merged:${faults.join('')}`}`,
      data: report,
    });
  });

type PruneCommand = Place & {
  readonly dryRun: boolean;
  readonly keepTicks?: number;
  readonly keepBars?: number;
  readonly market?: string;
};

/** Removes what is older than it is to be kept; what sessions hold stays. */
export const prune = (options: PruneCommand): Promise<Answer> =>
  withArchive(options, {}, async (archive) => {
    const { keepTicks, keepBars, dryRun: isDryRun } = options;
    const fine =
      keepTicks === undefined ? {} : { ticks: keepTicks, '1s': keepTicks, '15s': keepTicks };
    const bars = (['1m', '5m', '15m', '1h', '4h', '1d'] as const).map(
      (kind) => [kind, keepBars] as const,
    );
    const report = await archive.prune({
      isDryRun,
      keepDays: { ...fine, ...(keepBars === undefined ? {} : Object.fromEntries(bars)) },
      scope: options.market === undefined ? {} : { marketKeys: [parseMarket(options.market)] },
    });
    const verb = isDryRun ? 'would be removed' : 'were removed';
    const spared =
      report.spared === 0
        ? ''
        : `\n${count(report.spared)} older files stay: sessions refer to them.`;
    const names = isDryRun ? report.paths.map((path) => `\n  ${path}`).join('') : '';
    return labelled(options, {
      ok: true,
      text: `${count(report.files)} files, ${bytes(report.bytes)}, ${verb}.${names}${spared}`,
      data: { ...report, isDryRun },
    });
  });
