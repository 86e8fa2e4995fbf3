import type { BookDoc } from '@tradewind/contracts/documents/book';
import { limitsDoc } from '@tradewind/contracts/documents/risk';
import { targets } from '@tradewind/contracts/watch-targets';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Badge } from '../../components/badge.tsx';
import { Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { cellClass, Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { useLoaded } from '../../lib/use-loaded.ts';
import { limitsView, type LimitRow, type LimitsView } from './limits-view.ts';
import styles from './system.module.css';

function Row({ row }: { readonly row: LimitRow }) {
  const { label, value, otherwise, soon } = row;
  return (
    <tr>
      <th scope="row" className={table['wrap']}>
        {label}
      </th>
      <td className={`${table['strong'] ?? ''} ${table['wrap'] ?? ''}`}>
        {value} {soon !== null && <Badge tone="warning">soon {soon}</Badge>}
      </td>
      <td className={cellClass({ from: 'medium' })}>
        {otherwise === null ? '' : `${otherwise} without a change`}
      </td>
    </tr>
  );
}

/** Who changed the limits last, why, and when the rest of it holds (ARC-71). */
function Change({
  view: { change, soonAt },
  mode,
  now,
}: {
  readonly view: LimitsView;
  readonly mode: string;
  readonly now: EpochMs;
}) {
  if (change === null)
    return <p className={styles['note']}>The profile {mode} as it is; nobody has changed it.</p>;
  const { version, setBy, updatedAt, reason } = change;
  return (
    <p className={styles['note']}>
      Version {version} of {setBy}, <Time at={updatedAt} reference={now} />: “{reason}”
      {soonAt !== null && (
        <>
          {'. '}
          What is looser holds from <Time at={soonAt} reference={now} />.
        </>
      )}
    </p>
  );
}

/** Every limit that the gate holds this book to, and which of them were changed (ARC-70). */
export function LimitsPanel({ book, now }: { readonly book: BookDoc; readonly now: EpochMs }) {
  const { bookId, mode } = book;
  const kept = useLoaded(targets.limits(bookId), limitsDoc);
  // Limits that cannot be read are none that hold: the gate refuses entries then, and nothing is shown in their place.
  const isKnown = kept.status === 'ready' && kept.faults.length === 0;
  const view = isKnown ? limitsView(book, kept.data[0] ?? null, now) : null;
  return (
    <Panel title="Risk limits">
      {kept.status === 'pending' && <Skeleton rows={4} label="Loading the limits" />}
      {kept.status === 'error' && <Failed what="Limits unavailable" message={kept.message} />}
      {kept.status === 'ready' && <Faults faults={kept.faults} />}
      {view !== null && (
        <>
          <Change view={view} mode={mode} now={now} />
          <Table
            label="Risk limits"
            columns={[
              { name: 'Limit' },
              { name: 'Holds now' },
              { name: 'Profile', from: 'medium', hidden: true },
            ]}
          >
            {view.rows.map((row) => (
              <Row key={row.name} row={row} />
            ))}
          </Table>
        </>
      )}
    </Panel>
  );
}
