import type { GapRecord, ZoneRecord } from '@tradewind/contracts/documents/market';
import type { EpochMs } from '@tradewind/core/lib/time';
import type { Price } from '@tradewind/core/lib/units';
import { Badge } from '../../components/badge.tsx';
import { Empty } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { formatNumber, formatPrice } from '../../lib/format.ts';

type Props = {
  readonly zones: readonly ZoneRecord[];
  readonly gaps: readonly GapRecord[];
  readonly tick: Price;
  readonly now: EpochMs;
};

/** Supply and demand zones and open gaps, the highest price first (IND-74, IND-81). */
export function ZonesTable({ zones, gaps, tick, now }: Props) {
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
  ].sort((a, b) => (a.high < b.high ? 1 : -1));
  return (
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
      {rows.map((row) => (
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
  );
}
