import { dataSessionDoc, type DataSessionDoc } from '@tradewind/contracts/documents/market';
import { targets } from '@tradewind/contracts/watch-targets';
import type { EpochMs } from '@tradewind/core/lib/time';
import { Badge } from '../../components/badge.tsx';
import { Empty, Failed, Faults, Panel, Skeleton } from '../../components/panel.tsx';
import table from '../../components/table.module.css';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/time.tsx';
import type { Tone } from '../../components/tone.ts';
import { formatNumber, UNKNOWN } from '../../lib/format.ts';
import { useLoaded } from '../../lib/use-loaded.ts';

const TONES: Readonly<Record<DataSessionDoc['status'], Tone>> = {
  PLANNED: 'neutral',
  RECORDING: 'info',
  PAUSED: 'warning',
  COMPLETED: 'positive',
  FAILED: 'negative',
};

const rowsOf = ({ rowCounts }: DataSessionDoc): number =>
  Object.values(rowCounts).reduce((sum, rows) => sum + rows, 0);

/** The least covered market decides what a session is good for (MD-92). */
const coverageOf = ({ coveragePct }: DataSessionDoc): number | null => {
  const shares = Object.values(coveragePct);
  return shares.length === 0 ? null : Math.min(...shares);
};

function Row({ session, now }: { readonly session: DataSessionDoc; readonly now: EpochMs }) {
  const { name, purpose, status, marketKeys, granularity, startedAt, gaps, error } = session;
  const number = table['number'];
  const medium = table['medium'] ?? '';
  return (
    <tr>
      <th scope="row" title={purpose}>
        {name}
      </th>
      <td>
        <Badge tone={TONES[status]} {...(error === null ? {} : { title: error })}>
          {status.toLowerCase()}
        </Badge>
      </td>
      <td className={number}>{marketKeys.length}</td>
      <td>{granularity}</td>
      <td className={number}>{rowsOf(session).toLocaleString('en')}</td>
      <td className={`${number ?? ''} ${medium}`}>{formatNumber(coverageOf(session), 2)}</td>
      <td className={`${number ?? ''} ${medium}`}>{gaps.length}</td>
      <td className={medium}>
        {startedAt === null ? UNKNOWN : <Time at={startedAt} reference={now} />}
      </td>
    </tr>
  );
}

/** Recordings and imports of market data (MD-90). */
export function SessionsPanel({ now }: { readonly now: EpochMs }) {
  const sessions = useLoaded(targets.dataSessions, dataSessionDoc);
  return (
    <Panel title="Data sessions">
      {sessions.status === 'pending' && <Skeleton rows={3} label="Loading the data sessions" />}
      {sessions.status === 'error' && (
        <Failed what="Data sessions unavailable" message={sessions.message} />
      )}
      {sessions.status === 'ready' && (
        <>
          <Faults faults={sessions.faults} />
          {sessions.data.length === 0 ? (
            <Empty title="No recordings">
              npm run tw -- data record start begins one; data import takes a file.
            </Empty>
          ) : (
            <Table
              label="Data sessions"
              columns={[
                { name: 'Name' },
                { name: 'State' },
                { name: 'Markets', number: true },
                { name: 'Grain' },
                { name: 'Rows', number: true },
                { name: 'Least coverage, %', number: true, from: 'medium' },
                { name: 'Gaps', number: true, from: 'medium' },
                { name: 'Started', from: 'medium' },
              ]}
            >
              {sessions.data.map((session) => (
                <Row key={session.sessionId} session={session} now={now} />
              ))}
            </Table>
          )}
        </>
      )}
    </Panel>
  );
}
