import {
  reconciliationDoc,
  type ReconciliationDoc,
} from '@tradewind/contracts/documents/reconciliation';
import { targets } from '@tradewind/contracts/watch-targets';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Badge } from '../../components/badge.tsx';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { cellClass, Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import { useLoaded } from '../../lib/use-loaded.ts';

const textOf = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function Row({ record, now }: { readonly record: ReconciliationDoc; readonly now: EpochMs }) {
  const { type, key, status, cause, before, after, action, outcome, at, evidence } = record;
  const wrap = table['wrap'] ?? '';
  return (
    <tr>
      <td>
        <Time at={at} reference={now} />
      </td>
      <th scope="row" title={evidence.join('; ')}>
        {type}
      </th>
      <td>{key}</td>
      <td>
        <Badge tone={status === 'OPEN' ? 'warning' : 'positive'}>{status.toLowerCase()}</Badge>
      </td>
      <td className={`${cellClass({ from: 'medium' })} ${wrap}`}>{cause}</td>
      <td className={cellClass({ from: 'medium' })}>{textOf(before)}</td>
      <td className={cellClass({ from: 'medium' })}>{textOf(after)}</td>
      <td className={`${cellClass({ from: 'wide' })} ${wrap}`}>{outcome ?? action}</td>
    </tr>
  );
}

/** Differences between the book and its venue, newest first, with what was done about each (EXE-50). */
export function ReconciliationPanel({
  bookId,
  now,
}: {
  readonly bookId: string;
  readonly now: EpochMs;
}) {
  const records = useLoaded(targets.reconciliations(bookId), reconciliationDoc);
  return (
    <Panel title="Reconciliation">
      {records.status === 'pending' && <Skeleton rows={2} label="Loading the differences" />}
      {records.status === 'error' && (
        <Failed what="Differences unavailable" message={records.message} />
      )}
      {records.status === 'ready' && <Faults faults={records.faults} />}
      {records.status === 'ready' && records.data.length === 0 && (
        <Empty title="Book and venue agree">Differences, and what was done, are listed here.</Empty>
      )}
      {records.status === 'ready' && records.data.length > 0 && (
        <Table
          label="Differences between book and venue"
          columns={[
            { name: 'Seen' },
            { name: 'Kind' },
            { name: 'What' },
            { name: 'State' },
            { name: 'Cause', from: 'medium' },
            { name: 'Ledger', from: 'medium' },
            { name: 'Venue', from: 'medium' },
            { name: 'Done', from: 'wide' },
          ]}
        >
          {records.data.map((record) => (
            <Row key={record.reconciliationId} record={record} now={now} />
          ))}
        </Table>
      )}
    </Panel>
  );
}
