import { integrityDoc, type IntegrityDoc } from '@tradewind/contracts/documents/risk';
import { targets } from '@tradewind/contracts/watch-targets';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Facts } from '../../components/facts.tsx';
import { Aging, Empty, Failed, Faults, Notice, Panel, Skeleton } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { formatMoney } from '../../lib/format.ts';
import { freshness } from '../../lib/freshness.ts';
import { useLoaded } from '../../lib/use-loaded.ts';

const ORIGINS = [
  ['live', 'Fills at a real venue'],
  ['paper', 'Simulated on live prices'],
  ['recorded', 'Simulated on recorded prices'],
  ['synthetic', 'Simulated on made-up prices'],
  ['unmarked', 'From before it was kept'],
] as const;

function Integrity({
  found,
  quote,
  now,
}: {
  readonly found: IntegrityDoc;
  readonly quote: string;
  readonly now: EpochMs;
}) {
  const { at, maxAgeMs, origins, unverified, faults, firstFault } = found;
  return (
    <Aging stale={freshness({ at, maxAgeMs }, now).kind !== 'fresh'}>
      {firstFault !== null && (
        <Notice>
          {faults} {faults === 1 ? 'record contradicts' : 'records contradict'} the others:{' '}
          {firstFault}
        </Notice>
      )}
      <Facts
        facts={[
          ['Checked', <Time key="at" at={at} reference={now} />],
          ...ORIGINS.filter(([origin]) => origins[origin] > 0).map(
            ([origin, words]) => [words, String(origins[origin])] as const,
          ),
          [
            'Not confirmed by the venue',
            `${unverified.count} worth ${formatMoney(unverified.quote, quote)}`,
          ],
        ]}
      />
    </Aging>
  );
}

/** What the last check of a book's whole ledger found: fills by what executed them, and what contradicts (PF-35). */
export function IntegrityPanel({
  bookId,
  quote,
  now,
}: {
  readonly bookId: string;
  readonly quote: string;
  readonly now: EpochMs;
}) {
  const checks = useLoaded(targets.integrity(bookId), integrityDoc);
  return (
    <Panel title="Ledger integrity" padded>
      {checks.status === 'pending' && <Skeleton rows={2} label="Loading the last check" />}
      {checks.status === 'error' && <Failed what="Check unavailable" message={checks.message} />}
      {checks.status === 'ready' && <Faults faults={checks.faults} />}
      {checks.status === 'ready' && checks.data.length === 0 && checks.faults.length === 0 && (
        <Empty title="Not checked yet">Every night the whole ledger is checked.</Empty>
      )}
      {checks.status === 'ready' &&
        checks.data.map((found) => (
          <Integrity key={found.bookId} found={found} quote={quote} now={now} />
        ))}
    </Panel>
  );
}
