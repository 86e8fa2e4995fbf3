import { Empty } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { formatNumber } from '../../lib/format.ts';
import { FRAMES, NO_FRAME, type ReadingRow } from './market-view.ts';
import styles from './market.module.css';

/** As many decimals as tell something: prices need two, ratios four. */
const shownNumber = (value: number | null | undefined): string =>
  formatNumber(value, Math.abs(value ?? 0) >= 1_000 ? 2 : 4);

const words = (name: string): string => name.replaceAll('_', ' ');

const rowsWith = (readings: readonly ReadingRow[], frames: readonly string[]) =>
  readings.filter(({ values }) => frames.some((frame) => frame in values));

/** Readings of bars, a column for each length of them. */
function BarReadings({ readings }: { readonly readings: readonly ReadingRow[] }) {
  const shown = FRAMES.filter((frame) => readings.some(({ values }) => frame in values));
  return (
    <Table
      label="Readings by timeframe"
      columns={[{ name: 'Reading' }, ...shown.map((name) => ({ name, number: true }))]}
    >
      {rowsWith(readings, FRAMES).map(({ name, values }) => (
        <tr key={name}>
          <th scope="row">{words(name)}</th>
          {shown.map((frame) => (
            <td key={frame} className={table['number']}>
              {frame in values ? shownNumber(values[frame]) : ''}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

/** Readings of the trades themselves, which have no timeframe. */
function TradeReadings({ readings }: { readonly readings: readonly ReadingRow[] }) {
  return (
    <Table
      label="Readings of the stream of trades"
      columns={[{ name: 'Over trades' }, { name: 'Value', number: true }]}
    >
      {readings.map(({ name, values }) => (
        <tr key={name}>
          <th scope="row">{words(name)}</th>
          <td className={table['number']}>{shownNumber(values[NO_FRAME])}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Indicators by timeframe; an empty cell is none, a dash is one that is not ready: no signal, never zero (MD-50). */
export function ReadingsTable({
  readings,
  waiting,
}: {
  readonly readings: readonly ReadingRow[];
  readonly waiting: Readonly<Record<string, string>>;
}) {
  const overTrades = rowsWith(readings, [NO_FRAME]);
  const missing = Object.entries(waiting);
  return (
    <>
      {missing.length > 0 && (
        <ul className={styles['waiting']} aria-label="Timeframes that wait">
          {missing.map(([frame, reason]) => (
            <li key={frame}>
              <strong>{frame}</strong> waits: {reason}
            </li>
          ))}
        </ul>
      )}
      {readings.length === 0 ? (
        <Empty title="No readings yet">The worker computes them as bars close.</Empty>
      ) : (
        <>
          <BarReadings readings={readings} />
          {overTrades.length > 0 && <TradeReadings readings={overTrades} />}
        </>
      )}
    </>
  );
}
