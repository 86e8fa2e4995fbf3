import type { GapRecord, ZoneRecord } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { formatNumber, formatPrice } from '../../lib/format.ts';
import styles from './market.module.css';

type Props = {
  readonly zones: readonly ZoneRecord[];
  readonly gaps: readonly GapRecord[];
  readonly tick: Price;
  /** The last price; zones far from it are left out when there are many. */
  readonly price: Price | undefined;
  readonly now: EpochMs;
};

/** Rows that are shown at once. */
const MAX_ROWS = 16;

type Range = { readonly high: Price; readonly low: Price };

/** How far the price is from a range; nothing within it. */
const distance = ({ high, low }: Range, price: Price): bigint =>
  price > high ? price - high : price < low ? low - price : 0n;

/** The ranges nearest to the price, the highest first. */
function nearest<R extends Range>(rows: readonly R[], price: Price | undefined): readonly R[] {
  const highestFirst = (a: R, b: R): number => (a.high < b.high ? 1 : -1);
  if (price === undefined) return [...rows].sort(highestFirst).slice(0, MAX_ROWS);
  return [...rows]
    .sort((a, b) => (distance(a, price) < distance(b, price) ? -1 : 1))
    .slice(0, MAX_ROWS)
    .sort(highestFirst);
}

/** Supply and demand zones and open gaps, the highest price first (IND-74, IND-81). */
export function ZonesTable({ zones, gaps, tick, price, now }: Props) {
  if (zones.length + gaps.length === 0)
    return (
      <Empty title="No zones or gaps">
        They appear where the price turned hard, or left a range untraded.
      </Empty>
    );
  const rows = [
    ...zones.map((zone) => ({
      id: zone.zoneId,
      kind: zone.type,
      isBuy: zone.type === 'demand',
      frame: zone.timeframe,
      high: zone.priceHigh,
      low: zone.priceLow,
      state: `${zone.status}, tested ${zone.testCount} ×`,
      strength: formatNumber(zone.strength, 0),
      at: zone.firstSeen,
    })),
    ...gaps.map((gap) => ({
      id: gap.fvgId,
      kind: `${gap.type} gap`,
      isBuy: gap.type === 'bullish',
      frame: gap.timeframe,
      high: gap.gapHigh,
      low: gap.gapLow,
      state: `${formatNumber(gap.fillPct, 0)} % filled`,
      strength: '–',
      at: gap.createdAt,
    })),
  ];
  const shown = nearest(rows, price);
  const left = rows.length - shown.length;
  return (
    <>
      <Table
        label="Zones and gaps"
        columns={[
          { name: 'Kind' },
          { name: 'Bars' },
          { name: 'From', number: true },
          { name: 'To', number: true },
          { name: 'State' },
          { name: 'Strength', number: true, from: 'medium' },
          { name: 'Since', from: 'medium' },
        ]}
      >
        {shown.map((row) => (
          <tr key={row.id}>
            <td>
              <Badge tone={row.isBuy ? 'positive' : 'negative'}>{row.kind}</Badge>
            </td>
            <td>{row.frame}</td>
            <td className={table['number']}>{formatPrice(row.low, tick)}</td>
            <td className={table['number']}>{formatPrice(row.high, tick)}</td>
            <td>{row.state}</td>
            <td className={`${table['number'] ?? ''} ${table['medium'] ?? ''}`}>{row.strength}</td>
            <td className={table['medium']}>
              <Time at={row.at} reference={now} />
            </td>
          </tr>
        ))}
      </Table>
      {left > 0 && <p className={styles['note']}>{left} more are farther from the price.</p>}
    </>
  );
}
