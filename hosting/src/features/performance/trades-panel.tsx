import type { TradeDoc } from '@tradewind/contracts/documents/book';
import type { MarketDoc } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Badge } from '../../components/badge.tsx';
import { Analysis, AnalysisPair } from '../../components/order-analysis.tsx';
import { Aging, Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { cellClass, Table, type Column } from '../../components/table.tsx';
import table from '../../components/table.module.css';
import { classes } from '../../components/classes.ts';
import { Time } from '../../components/time.tsx';
import { toneOf } from '../../components/tone.ts';
import { UnfoldingRow } from '../../components/unfolding-row.tsx';
import {
  formatDuration,
  formatPercent,
  formatPnl,
  formatPrice,
  formatQty,
} from '../../lib/format.ts';
import { closeWords } from '../../lib/close-reason.ts';
import type { Loaded } from '../../lib/loaded.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Details', hidden: true },
  { name: 'Closed', from: 'medium' },
  { name: 'Symbol' },
  { name: 'Net P&L', number: true },
  { name: 'R', number: true, from: 'medium' },
  { name: 'Strategy', from: 'wide' },
  { name: 'Quantity', number: true, from: 'wide' },
  { name: 'Entry', number: true, from: 'medium' },
  { name: 'Exit', number: true, from: 'medium' },
  { name: 'Held', number: true, from: 'wide' },
  { name: 'Reason' },
  { name: 'MAE / MFE', number: true, from: 'wide' },
  { name: 'Slippage in / out', number: true, from: 'wide' },
];

/** Two percentages of a trade; a dash for what is not known of it. */
const pair = (a: number | null, b: number | null): string =>
  [a, b].map((pct) => (pct === null ? '–' : formatPercent(pct))).join(' / ');

type Props = {
  readonly trades: Loaded<TradeDoc>;
  readonly markets: readonly MarketDoc[];
  readonly quote: string;
  readonly now: EpochMs;
  readonly strategyName: (strategyId: string) => string;
};

function TradeLine({ trade, ...props }: { readonly trade: TradeDoc } & Omit<Props, 'trades'>) {
  const tick = props.markets.find(({ marketKey }) => marketKey === trade.marketKey)?.tickSize;
  const number = cellClass({ number: true });
  return (
    <UnfoldingRow
      data-trade-id={trade.tradeId}
      label={`Details of trade ${trade.tradeId}`}
      columns={COLUMNS.length}
      detail={() => (
        <AnalysisPair>
          {(['entry', 'exit'] as const).map((part) => (
            <Analysis
              key={part}
              title={part === 'entry' ? 'First entry' : 'Last exit'}
              of={trade.analysis?.[part] ?? null}
              quote={props.quote}
              tick={tick}
            />
          ))}
        </AnalysisPair>
      )}
    >
      <td className={table['medium']}>
        <Time at={trade.closedAt} reference={props.now} />
      </td>
      <td className={table['strong']}>{trade.symbol}</td>
      <td className={classes(number, table[toneOf(trade.netPnl)])}>
        {formatPnl(trade.netPnl, props.quote)}{' '}
        <span className={table['muted']}>{formatPercent(trade.netPnlPct)}</span>
      </td>
      <td className={classes(number, table['medium'])}>
        {trade.rMultiple === null ? '–' : `${trade.rMultiple.toFixed(2)} R`}
      </td>
      <td className={table['wide']}>{props.strategyName(trade.strategyId)}</td>
      <td className={classes(number, table['wide'])}>{formatQty(trade.quantity)}</td>
      <td className={classes(number, table['medium'])}>{formatPrice(trade.entryPrice, tick)}</td>
      <td className={classes(number, table['medium'])}>{formatPrice(trade.exitPrice, tick)}</td>
      <td className={classes(number, table['wide'])}>{formatDuration(trade.holdMs)}</td>
      <td>
        <Badge tone="neutral">{closeWords(trade.exitReason)}</Badge>
      </td>
      <td className={classes(number, table['wide'])}>{pair(trade.maePct, trade.mfePct)}</td>
      <td className={classes(number, table['wide'])}>
        {pair(trade.slippageInPct, trade.slippageOutPct)}
      </td>
    </UnfoldingRow>
  );
}

function Body({ trades, ...props }: Props) {
  if (trades.status === 'error')
    return <Failed what="Trades unavailable" message={trades.message} />;
  if (trades.status === 'pending') return <Skeleton rows={4} label="Loading trades" />;
  return (
    <>
      <Faults faults={trades.faults} />
      {trades.data.length === 0 ? (
        <Empty title="No closed trades">A round trip is listed when its position closes.</Empty>
      ) : (
        <Aging stale={!trades.live}>
          <Table label="Closed trades" columns={COLUMNS}>
            {trades.data.map((trade) => (
              <TradeLine key={trade.tradeId} trade={trade} {...props} />
            ))}
          </Table>
        </Aging>
      )}
    </>
  );
}

/** The last round trips, why each ended and what it made. */
export function TradesPanel(props: Props) {
  return (
    <Panel title="Closed trades">
      <Body {...props} />
    </Panel>
  );
}
