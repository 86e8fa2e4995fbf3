import { auditDoc } from '@tradewind/contracts/documents/system';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import { cellClass, Table } from '../../components/table.tsx';
import table from '../../components/table.module.css';
import { Time } from '../../components/time.tsx';
import { targets } from '@tradewind/contracts/watch-targets';
import { useLoaded } from '../../lib/use-loaded.ts';

const result = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** Who did what, for administrators. */
export function AuditPanel({ now }: { readonly now: EpochMs }) {
  const audit = useLoaded(targets.audit, auditDoc);
  return (
    <Panel title="Audit log">
      {audit.status === 'pending' && <Skeleton rows={4} label="Loading the audit log" />}
      {audit.status === 'error' && <Failed what="Audit log unavailable" message={audit.message} />}
      {audit.status === 'ready' && <Faults faults={audit.faults} />}
      {audit.status === 'ready' && audit.data.length === 0 && (
        <Empty title="Nothing recorded yet">Commands of people are listed here.</Empty>
      )}
      {audit.status === 'ready' && audit.data.length > 0 && (
        <Table
          label="Audit log"
          columns={[
            { name: 'Time' },
            { name: 'Who' },
            { name: 'Did' },
            { name: 'To', from: 'medium' },
            { name: 'Reason', from: 'medium' },
            { name: 'Result', from: 'wide' },
          ]}
        >
          {audit.data.map((one) => (
            <tr key={one.auditId}>
              <td>
                <Time at={one.at} reference={now} />
              </td>
              <td>{one.actor}</td>
              <td className={table['strong']}>{one.action}</td>
              <td className={cellClass({ from: 'medium' })}>{one.target ?? ''}</td>
              <td className={`${cellClass({ from: 'medium' })} ${table['wrap'] ?? ''}`}>
                {one.reason ?? ''}
              </td>
              <td className={`${cellClass({ from: 'wide' })} ${table['wrap'] ?? ''}`}>
                {result(one.result)}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
