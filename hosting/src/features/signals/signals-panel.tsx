import { unreachable } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { Aging, Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Time } from '../../components/time.tsx';
import { formatNumber, formatScore } from '../../lib/format.ts';
import styles from './signals-panel.module.css';
import type { SignalRow, SignalsView } from './signals-view.ts';

type Props = {
  readonly view: SignalsView;
  readonly now: EpochMs;
  readonly strategyName: (strategyId: string) => string;
  /** First reason why a bot does not trade, for the empty list. */
  readonly firstBlock: string | null;
  readonly compact?: { readonly rows: number; readonly link: ReactNode };
  readonly strategies: readonly { readonly value: string; readonly label: string }[];
  readonly strategy: string;
  readonly onStrategy: (strategyId: string) => void;
};

function SignalItem({
  row,
  now,
  strategy,
}: {
  readonly row: SignalRow;
  readonly now: EpochMs;
  readonly strategy: string;
}) {
  const { signal } = row;
  return (
    <li
      className={styles['item']}
      data-signal-id={signal.signalId}
      data-signal-status={signal.executionStatus}
    >
      <div className={styles['line']}>
        <Badge tone={row.type.tone} title={signal.signalType}>
          {signal.signalType} {row.type.word}
        </Badge>
        <span className={styles['symbol']}>{signal.symbol}</span>
        <span className={styles['spacer']} />
        <Badge tone={row.outcome.tone}>{row.outcome.word}</Badge>
      </div>
      <p className={styles['muted']}>
        <Time at={signal.decidedAt} reference={now} /> · {strategy} · {signal.action.toLowerCase()}{' '}
        {signal.direction.toLowerCase()}
      </p>
      {row.refused !== null && <p className={styles['refused']}>{row.refused}</p>}
      {signal.reasons.length > 0 && (
        <p className={styles['reasons']}>{signal.reasons.join(' · ')}</p>
      )}
      <details>
        <summary>
          confidence {formatNumber(signal.confidence * 100, 2)} % · score{' '}
          {formatScore(signal.score)} · {Object.keys(signal.indicatorValues).length} indicators
        </summary>
        <dl className={styles['values']}>
          {Object.entries(signal.indicatorValues).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{formatNumber(value, 4)}</dd>
            </div>
          ))}
        </dl>
        {signal.rejections.length > 0 && (
          <ul className={styles['rejections']}>
            {signal.rejections.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        )}
      </details>
    </li>
  );
}

function Body({ view, now, strategyName, compact, firstBlock }: Props) {
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={4} label="Loading signals" />;
    case 'failed':
      return <Failed what="Signals unavailable" message={view.message} />;
    case 'rows': {
      const rows = compact === undefined ? view.rows : view.rows.slice(0, compact.rows);
      return (
        <>
          <Faults faults={view.faults} />
          {rows.length === 0 && view.faults.length === 0 && (
            <Empty title="No signals yet">
              {firstBlock ?? 'A signal appears when a bot decides on a closed bar.'}
            </Empty>
          )}
          <Aging stale={view.stale}>
            <ul>
              {rows.map((row) => (
                <SignalItem
                  key={row.signal.signalId}
                  row={row}
                  now={now}
                  strategy={strategyName(row.signal.strategyId)}
                />
              ))}
            </ul>
          </Aging>
        </>
      );
    }
    default:
      return unreachable(view);
  }
}

/** What the bots decided, why, and what became of it (UI-55). */
export function SignalsPanel(props: Props) {
  const { compact, strategies, strategy, onStrategy } = props;
  return (
    <Panel
      title={compact === undefined ? 'Signals' : 'Latest signals'}
      aside={
        compact?.link ?? (
          <Segmented label="Strategy" options={strategies} value={strategy} onChange={onStrategy} />
        )
      }
    >
      <Body {...props} />
    </Panel>
  );
}
