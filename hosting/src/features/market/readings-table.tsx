import { Empty } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { formatNumber } from '../../lib/format.ts';
import { FRAMES, NO_FRAME, type ReadingRow } from './market-view.ts';
import styles from './market.module.css';

const COLUMNS = [...FRAMES, NO_FRAME];

/** Indicators by timeframe; an empty cell is none, a dash is one that is not ready: no signal, never zero (MD-50). */
export function ReadingsTable({
  readings,
  waiting,
}: {
  readonly readings: readonly ReadingRow[];
  readonly waiting: Readonly<Record<string, string>>;
}) {
  const shown = COLUMNS.filter((frame) => readings.some(({ values }) => frame in values));
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
        <Table
          label="Readings by timeframe"
          columns={[{ name: 'Reading' }, ...shown.map((name) => ({ name, number: true }))]}
        >
          {readings.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name.replaceAll('_', ' ')}</th>
              {shown.map((frame) => (
                <td key={frame} className={table['number']}>
                  {frame in values ? formatNumber(values[frame], 4) : ''}
                </td>
              ))}
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
