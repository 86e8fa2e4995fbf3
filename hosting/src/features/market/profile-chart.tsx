import type { ProfileRecord } from '@tradewind/contracts/documents/market';
import { toNumber, type Price } from '@tradewind/core/lib/units';
import { Facts } from '../../components/facts.tsx';
import { formatPrice } from '../../lib/format.ts';
import { Time } from '../../components/time.tsx';
import styles from './market.module.css';

const WIDTH = 300;
const HEIGHT = 200;

const SHAPES: Readonly<Record<ProfileRecord['shape'], string>> = {
  P: 'P: short covering or late buyers',
  b: 'b: long liquidation',
  D: 'D: in balance',
  B: 'B: two balances',
  thin: 'thin: no clear shape',
};

/** Volume by price, the value area darker, the point of control marked (IND-60 to IND-63). */
export function ProfileChart({
  profile,
  tick,
}: {
  readonly profile: ProfileRecord;
  readonly tick: Price;
}) {
  const { volumes, from, rowSize, poc, valueAreaHigh, valueAreaLow } = profile;
  const largest = Math.max(1e-12, ...volumes);
  const height = HEIGHT / Math.max(1, volumes.length);
  const priceAt = (row: number): number => toNumber(from) + row * toNumber(rowSize);
  const inValue = (row: number): boolean =>
    priceAt(row) >= toNumber(valueAreaLow) - 1e-9 && priceAt(row) < toNumber(valueAreaHigh);
  const isPoc = (row: number): boolean =>
    toNumber(poc) >= priceAt(row) && toNumber(poc) < priceAt(row + 1);
  return (
    <div className={styles['profile']}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Volume by price: most at ${formatPrice(poc, tick)}, value area ${formatPrice(valueAreaLow, tick)} to ${formatPrice(valueAreaHigh, tick)}.`}
      >
        {volumes.map((volume, row) => (
          <rect
            key={row}
            x="0"
            y={HEIGHT - (row + 1) * height}
            width={(volume / largest) * WIDTH}
            height={Math.max(0.5, height * 0.85)}
            className={styles[isPoc(row) ? 'poc' : inValue(row) ? 'value' : 'tail']}
          />
        ))}
      </svg>
      <Facts
        facts={[
          ['Value area high', formatPrice(valueAreaHigh, tick)],
          ['Point of control', formatPrice(poc, tick)],
          ['Value area low', formatPrice(valueAreaLow, tick)],
          ['Shape', SHAPES[profile.shape]],
          ['As of', <Time key="as-of" at={profile.asOf} />],
        ]}
      />
    </div>
  );
}
