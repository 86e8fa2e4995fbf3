import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { formatNumber } from '../../lib/format.ts';
import { formatClock } from '../../lib/time-format.ts';
import type { FlowMinute } from './market-view.ts';
import styles from './market.module.css';

const WIDTH = 800;
const HEIGHT = 160;
const MIDDLE = HEIGHT / 2;

const scale = (values: readonly number[]): number => Math.max(1e-12, ...values.map(Math.abs));

/** A line through what is known, broken where it is not. */
function cvdPath(minutes: readonly FlowMinute[], step: number): string {
  const largest = scale(minutes.map(({ cvd }) => cvd ?? 0));
  let pen = 'M';
  return minutes
    .map(({ cvd }, index) => {
      if (cvd === null) {
        pen = 'M';
        return '';
      }
      const point = `${pen}${((index + 0.5) * step).toFixed(1)} ${(MIDDLE - (cvd / largest) * MIDDLE * 0.9).toFixed(1)}`;
      pen = 'L';
      return point;
    })
    .join('');
}

function Bars({
  minutes,
  step,
}: {
  readonly minutes: readonly FlowMinute[];
  readonly step: number;
}) {
  const largest = scale(minutes.map(({ delta }) => delta ?? 0));
  return minutes.map(({ openAt, delta, incomplete }, index) => {
    if (delta === null) return null;
    const height = (Math.abs(delta) / largest) * MIDDLE * 0.9;
    return (
      <rect
        key={openAt}
        x={index * step + step * 0.15}
        y={delta >= 0 ? MIDDLE - height : MIDDLE}
        width={step * 0.7}
        height={height}
        className={styles[delta >= 0 ? 'buy' : 'sell']}
        opacity={incomplete ? 0.4 : 1}
      />
    );
  });
}

/** Delta of each minute as bars around nothing, and their running sum as a line (IND-50). */
export function FlowChart({ minutes }: { readonly minutes: readonly FlowMinute[] }) {
  const step = WIDTH / Math.max(1, minutes.length);
  const last = minutes.at(-1);
  return (
    <>
      <svg
        className={styles['flow']}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Delta of ${minutes.length} minutes, last ${formatNumber(last?.delta, 4)}; cumulative delta ${formatNumber(last?.cvd, 4)}. The same is in the table below.`}
      >
        <line x1="0" x2={WIDTH} y1={MIDDLE} y2={MIDDLE} className={styles['axis']} />
        <Bars minutes={minutes} step={step} />
        <path d={cvdPath(minutes, step)} className={styles['cvd']} />
      </svg>
      <p className={styles['legend']}>
        <span>
          <b className={styles['up']}>▮</b> bought more
        </span>
        <span>
          <b className={styles['down']}>▮</b> sold more
        </span>
        <span>
          <b className={styles['sum']}>━</b> cumulative delta (own scale)
        </span>
        <span>pale: trades are missing</span>
      </p>
      <details>
        <summary>As a table</summary>
        <Table
          label="Order flow"
          columns={[
            { name: 'Minute' },
            { name: 'Bought', number: true },
            { name: 'Sold', number: true },
            { name: 'Delta', number: true },
            { name: 'CVD', number: true },
          ]}
        >
          {[...minutes]
            .reverse()
            .slice(0, 20)
            .map((one) => (
              <tr key={one.openAt}>
                <td>{formatClock(one.openAt)}</td>
                {[one.buy, one.sell, one.delta, one.cvd].map((value, index) => (
                  <td key={index} className={table['number']}>
                    {formatNumber(value, 4)}
                  </td>
                ))}
              </tr>
            ))}
        </Table>
      </details>
    </>
  );
}
