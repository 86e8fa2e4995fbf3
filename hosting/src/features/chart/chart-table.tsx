import type { SignalDoc } from '@tradewind/contracts/documents/execution';
import { Table } from '../../components/table.tsx';
import table from '../../components/table.module.css';
import { Time } from '../../components/time.tsx';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Bar } from './bars.ts';
import styles from './chart-panel.module.css';

const ROWS = 50;

/** The last 50 candles and signals as text (UI-25). */
export function ChartTable({
  bars,
  signals,
  decimals,
  now,
}: {
  readonly bars: readonly Bar[];
  readonly signals: readonly SignalDoc[];
  readonly decimals: number;
  readonly now: EpochMs;
}) {
  const number = (value: number) => <td className={table['number']}>{value.toFixed(decimals)}</td>;
  return (
    <div className={styles['tables']}>
      <Table
        label="Candles"
        columns={[
          { name: 'Open time' },
          { name: 'Open', number: true },
          { name: 'High', number: true },
          { name: 'Low', number: true },
          { name: 'Close', number: true },
        ]}
      >
        {[...bars]
          .slice(-ROWS)
          .reverse()
          .map(({ openAt, open, high, low, close }) => (
            <tr key={openAt}>
              <td>
                <Time at={openAt} reference={now} />
              </td>
              {number(open)}
              {number(high)}
              {number(low)}
              {number(close)}
            </tr>
          ))}
      </Table>
      <Table
        label="Signals of this market"
        columns={[{ name: 'Time' }, { name: 'Signal' }, { name: 'Outcome' }]}
      >
        {signals.slice(0, ROWS).map((signal) => (
          <tr key={signal.signalId}>
            <td>
              <Time at={signal.decidedAt} reference={now} />
            </td>
            <td>
              {signal.signalType} {signal.action.toLowerCase()} {signal.direction.toLowerCase()}
            </td>
            <td>{signal.executionStatus.toLowerCase()}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
