import { unreachable } from '@tradewind/core/lib/result';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { formatPnl } from '../../lib/format.ts';
import styles from './position-card.module.css';
import { PositionCard, type CloseControl } from './position-card.tsx';
import type { PositionsView } from './positions-view.ts';

type Props = {
  readonly view: PositionsView;
  readonly quote: string;
  readonly strategyName: (strategyId: string) => string;
  readonly close: CloseControl | null;
};

function Body({ view, quote, strategyName, close }: Props) {
  switch (view.kind) {
    case 'loading':
      return <Skeleton rows={5} label="Loading positions" />;
    case 'failed':
      return (
        <Failed
          what="Positions unavailable; the engine still manages stops"
          message={view.message}
        />
      );
    case 'rows':
      return (
        <>
          <Faults faults={view.faults} />
          {view.rows.length === 0 && view.faults.length === 0 && (
            <Empty title="No open positions">
              A position appears here when a bot's entry is filled.
            </Empty>
          )}
          {view.rows.length > 0 && (
            <ul className={styles['grid']}>
              {view.rows.map((row) => (
                <PositionCard
                  key={row.id}
                  row={row}
                  quote={quote}
                  strategy={strategyName(row.position.strategyId)}
                  close={close}
                />
              ))}
            </ul>
          )}
        </>
      );
    default:
      return unreachable(view);
  }
}

/** Open positions with their P&L, protection and age (UI-30, UI-31). */
export function PositionsPanel(props: Props) {
  const { view, quote } = props;
  const count =
    view.kind === 'rows' ? `${view.rows.length} open · ${formatPnl(view.total, quote)}` : undefined;
  return (
    <Panel title="Positions" {...(count === undefined ? {} : { count })}>
      <Body {...props} />
    </Panel>
  );
}
