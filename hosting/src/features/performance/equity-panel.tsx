import type { BookDoc, EquityDoc } from '@tradewind/contracts/documents/book';
import type { EpochMs } from '@tradewind/core/lib/time';
import { classes } from '../../components/classes.ts';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { Table } from '../../components/table.tsx';
import table from '../../components/table.module.css';
import { Time } from '../../components/time.tsx';
import { formatMoney, formatPnl } from '../../lib/format.ts';
import type { Loaded } from '../../lib/loaded.ts';
import { curveOf } from './equity-curve.ts';
import styles from './equity-panel.module.css';

const BOX = { width: 800, height: 180 };

type Props = {
  readonly equity: Loaded<EquityDoc>;
  readonly book: BookDoc | undefined;
  readonly now: EpochMs;
};

function Body({ equity, book, now }: Props) {
  if (equity.status === 'error')
    return <Failed what="Equity curve unavailable" message={equity.message} />;
  if (equity.status === 'pending' || book === undefined)
    return <Skeleton rows={4} label="Loading the equity curve" />;
  const curve = curveOf(equity.data, book.initialBalance, BOX);
  if (curve === undefined)
    return (
      <>
        <Faults faults={equity.faults} />
        <Empty title="No curve yet">It needs two valuations of the book.</Empty>
      </>
    );
  const tone = curve.last >= book.initialBalance ? 'positive' : 'negative';
  return (
    <>
      <Faults faults={equity.faults} />
      <svg
        className={styles['chart']}
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Equity from ${curve.low.toFixed(2)} to ${curve.high.toFixed(2)} ${book.quote}, now ${formatMoney(curve.last, book.quote)}`}
      >
        <path d={curve.area} className={styles[`${tone}Area`]} />
        <line x1="0" x2={BOX.width} y1={curve.base} y2={curve.base} className={styles['base']} />
        <path d={curve.line} className={classes(styles['line'], styles[tone])} />
      </svg>
      <p className={styles['ends']}>
        <Time at={curve.from} reference={now} />
        <span>dashed: initial balance {formatMoney(book.initialBalance, book.quote)}</span>
        <Time at={curve.to} reference={now} />
      </p>
      <details>
        <summary>As a table</summary>
        <div className={styles['table']}>
          <Table
            label="Equity"
            columns={[
              { name: 'Time' },
              { name: 'Equity', number: true },
              { name: 'Unrealised', number: true },
            ]}
          >
            {equity.data.slice(0, 50).map((point) => (
              <tr key={point.at}>
                <td>
                  <Time at={point.at} reference={now} />
                </td>
                <td className={table['number']}>{formatMoney(point.equity, book.quote)}</td>
                <td className={table['number']}>{formatPnl(point.unrealizedPnl, book.quote)}</td>
              </tr>
            ))}
          </Table>
        </div>
      </details>
    </>
  );
}

/** Value of the book over market time, against what it began with. */
export function EquityPanel(props: Props) {
  return (
    <Panel title="Equity" padded>
      <Body {...props} />
    </Panel>
  );
}
