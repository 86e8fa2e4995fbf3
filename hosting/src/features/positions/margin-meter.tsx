import type { PositionDoc } from '@tradewind/contracts/documents/book';
import { marginDoc } from '@tradewind/contracts/documents/risk';
import { targets } from '@tradewind/contracts/watch-targets';
import type { Price } from '@tradewind/core/lib/units';
import { classes } from '../../components/classes.ts';
import { formatPercent, formatPrice } from '../../lib/format.ts';
import { oneOf } from '../../lib/loaded.ts';
import { useLoaded } from '../../lib/use-loaded.ts';
import { useNow } from '../../lib/use-now.ts';
import styles from './margin-meter.module.css';
import { marginView } from './margin-view.ts';

/** How much of a future's margin is left before the venue liquidates it (RSK-103), as the venue told it last. */
export function MarginMeter({
  position,
  tick,
}: {
  readonly position: PositionDoc;
  readonly tick: Price | undefined;
}) {
  const margin = oneOf(useLoaded(targets.margin(position.bookId), marginDoc));
  const view = marginView(margin, position, useNow());
  if (view === null)
    return (
      <p className={styles['words']}>
        Margin health is not known just now. Nothing is entered until it is.
      </p>
    );
  const percent = Math.round(100 * Math.min(1, Math.max(0, view.health)));
  const { liquidation, consequence, tone } = view;
  return (
    <div>
      <div
        className={styles['track']}
        role="meter"
        aria-label={`Margin health of ${position.symbol}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <span className={classes(styles['bar'], styles[tone])} style={{ width: `${percent}%` }} />
      </div>
      <p className={styles['words']}>
        Margin health {percent} %
        {liquidation !== null &&
          ` · liquidation at ${formatPrice(liquidation.price, tick)}, ${formatPercent(liquidation.distancePct)} away`}
        {consequence !== null && <strong className={styles[`${tone}Words`]}> {consequence}</strong>}
      </p>
    </div>
  );
}
