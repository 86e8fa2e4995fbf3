import { isFuturesKey } from '@tradewind/core/instrument/instrument';
import type { Recommendation } from '@tradewind/core/portfolio/advice';
import { usedBy } from '@tradewind/core/portfolio/margin';
import { ArrowDownRight, ArrowUpRight, LoaderCircle } from 'lucide-react';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { classes } from '../../components/classes.ts';
import { Aging } from '../../components/panel.tsx';
import { PriceBadges } from '../../components/price-badges.tsx';
import { Time } from '../../components/time.tsx';
import { toneOf } from '../../components/tone.ts';
import {
  formatDuration,
  formatMoney,
  formatPercent,
  formatPnl,
  formatPrice,
  formatQty,
} from '../../lib/format.ts';
import { isAged } from '../../lib/price-marks.ts';
import { MarginMeter } from './margin-meter.tsx';
import styles from './position-card.module.css';
import type { Level, PositionRow } from './positions-view.ts';
import { rangeView } from './range.ts';

const ADVICE: Readonly<Record<Recommendation['action'], string>> = {
  add: 'add a tranche',
  hold: 'hold',
  takePartial: 'take a part of the profit',
  tightenStop: 'tighten the stop',
  exit: 'exit',
};

export type CloseControl = {
  readonly disabled: boolean;
  readonly onClose: (row: PositionRow) => void;
};

function LevelFact({
  name,
  level,
  row,
}: {
  readonly name: string;
  readonly level: Level;
  readonly row: PositionRow;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {formatPrice(level.price, row.tick)}
        <small>{formatPercent(level.distancePct)} away</small>
      </dd>
    </div>
  );
}

function Range({ row }: { readonly row: PositionRow }) {
  const range = rangeView(row.position, row.current);
  if (range === undefined) return null;
  return (
    <div aria-hidden>
      <div className={styles['range']}>
        <span className={styles['tick']} style={{ left: `${range.entry}%` }} />
        <span className={styles['now']} style={{ left: `${range.now}%` }} />
      </div>
      <div className={styles['ends']}>
        <span>Stop</span>
        <span>Target</span>
      </div>
    </div>
  );
}

export function PositionCard({
  row,
  quote,
  strategy,
  close,
}: {
  readonly row: PositionRow;
  readonly quote: string;
  readonly strategy: string;
  /** `null` for who may not close. */
  readonly close: CloseControl | null;
}) {
  const { position } = row;
  const tone = toneOf(row.pnl);
  const Arrow = tone === 'negative' ? ArrowDownRight : ArrowUpRight;
  return (
    <li className={styles['card']} data-position-id={row.id}>
      <div className={styles['head']}>
        <span className={styles['symbol']}>{position.symbol}</span>
        <Badge tone={position.side === 'LONG' ? 'positive' : 'negative'}>{position.side}</Badge>
        {isFuturesKey(position.marketKey) && (
          <Badge tone="neutral">perpetual {position.leverage ?? 1}×</Badge>
        )}
        <span className={styles['strategy']}>{strategy}</span>
        <span className={styles['spacer']} />
        {position.status !== 'OPEN' && (
          <Badge tone="warning">{position.status.replace('_', ' ')}</Badge>
        )}
        <PriceBadges marks={row.marks} />
      </div>
      <Aging stale={isAged(row.marks)}>
        <div className={styles['pnl']}>
          <span className={classes(styles['amount'], styles[tone])}>
            {tone !== 'neutral' && <Arrow size={20} aria-hidden />}
            {formatPnl(row.pnl, quote)}
          </span>
          <span className={classes(styles['percent'], styles[tone])}>
            {formatPercent(row.pnlPct)}
          </span>
        </div>
      </Aging>
      <Range row={row} />
      <dl className={styles['facts']}>
        <div>
          <dt>Entry</dt>
          <dd>{formatPrice(position.averageEntry, row.tick)}</dd>
        </div>
        <div>
          <dt>Current</dt>
          <dd>{formatPrice(row.current, row.tick)}</dd>
        </div>
        <div>
          <dt>Size</dt>
          <dd>
            {formatQty(position.quantity)}
            <small>{formatMoney(row.value, quote)}</small>
          </dd>
        </div>
        {isFuturesKey(position.marketKey) && (
          <div>
            <dt>Margin</dt>
            <dd>{formatMoney(usedBy(position), quote)}</dd>
          </div>
        )}
        <LevelFact name="Stop loss" level={row.stop} row={row} />
        {row.trailing !== null && <LevelFact name="Trailing stop" level={row.trailing} row={row} />}
        {row.atVenue !== null && (
          <LevelFact name="Stop at the venue" level={row.atVenue} row={row} />
        )}
        <LevelFact name="Take profit" level={row.target} row={row} />
        <div>
          <dt>Fees</dt>
          <dd>{formatMoney(position.fees, quote)}</dd>
        </div>
      </dl>
      {isFuturesKey(position.marketKey) && <MarginMeter position={position} tick={row.tick} />}
      {row.advice !== null && (
        <p className={styles['advice']}>
          Advice: <strong>{ADVICE[row.advice.action]}</strong>, because {row.advice.rule}. Nothing
          does it by itself.
        </p>
      )}
      <div className={styles['foot']}>
        <span>
          Held {formatDuration(row.held)} · since <Time at={position.openedAt} />
        </span>
        <span className={styles['spacer']} />
        {row.closing ? (
          <Badge tone="warning">
            <LoaderCircle size={12} aria-hidden /> closing…
          </Badge>
        ) : (
          close !== null && (
            <Button
              small
              disabled={close.disabled}
              aria-label={`Close ${position.symbol} ${position.side}`}
              onClick={() => {
                close.onClose(row);
              }}
            >
              Close
            </Button>
          )
        )}
      </div>
    </li>
  );
}
