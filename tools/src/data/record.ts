import { randomUUID } from 'node:crypto';
import { deleteSession } from '@tradewind/adapters/archive/delete-session';
import { finishSession } from '@tradewind/adapters/archive/finish-session';
import { startSession, stopSession } from '@tradewind/adapters/archive/start-session';
import { startRecordingRequest, type CommandReply } from '@tradewind/contracts/callables';
import { gappyMarkets } from '@tradewind/contracts/documents/data-session';
import { dataSessionDoc, type DataSessionDoc } from '@tradewind/contracts/documents/market';
import { paths } from '@tradewind/contracts/paths';
import { hashId } from '@tradewind/core/lib/ids';
import type { Answer } from '../cli/answer.ts';
import { Fault } from '../lib/fault.ts';
import { parseLength, parseMarket } from './arguments.ts';
import { connectIfRunning, connectWithClock, placeOfDesk, type Desk } from './desk-store.ts';
import { elsewhere, isThere, labelled, withArchive, type Place } from './open-data.ts';
import { bytes, count, table, time } from './show.ts';

const told = ({ ok, message, code, id }: CommandReply, data: object = {}): Answer => ({
  ok,
  text: message,
  data: { code, message, ...(id === undefined ? {} : { sessionId: id }), ...data },
});

export type StartCommand = Desk & {
  readonly name?: string;
  readonly purpose: string;
  readonly duration: string;
  readonly channels: string;
};

/** Starts a recording on the desk: its worker does the rest (MD-91). */
export async function startRecording(
  options: StartCommand,
  marketKeys: readonly string[],
): Promise<Answer> {
  const commandId = randomUUID();
  const keys = marketKeys.map(parseMarket);
  const request = startRecordingRequest.safeParse({
    commandId,
    name: options.name ?? `Recording of ${keys.join(', ')}`.slice(0, 100),
    purpose: options.purpose,
    marketKeys: keys,
    channels: options.channels.split(',').map((channel) => channel.trim()),
    durationMs: parseLength(options.duration),
  });
  if (!request.success)
    throw new Fault(
      request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  const { name, purpose, channels, durationMs } = request.data;
  const desk = await connectWithClock(options);
  const sessionId = hashId('session', commandId);
  const reply = await startSession(desk, {
    name,
    purpose,
    channels,
    durationMs,
    marketKeys: keys,
    sessionId,
    startedBy: 'tw',
  });
  const hint = reply.ok ? `\nEnd it earlier with: npm run tw -- data record stop ${sessionId}` : '';
  return told({ ...reply, message: reply.message + hint });
}

export type StopCommand = Desk & Place & { readonly finish: boolean };

/** Ends a recording; with `finish` its report is made here, for a desk without a worker. */
export async function stopRecording(options: StopCommand, sessionId: string): Promise<Answer> {
  const { store, clock } = await connectWithClock(options);
  const reply = await stopSession({ store, clock }, sessionId);
  if (!reply.ok || !options.finish) return told(reply);
  const session = await store.get(paths.dataSession(sessionId), dataSessionDoc);
  if (session === undefined) throw new Fault(`There is no recording "${sessionId}".`);
  const place = await placeOfDesk(options, store);
  const done = await withArchive(place, {}, (archive) =>
    finishSession({ store, archive }, session, {
      wallNow: clock.wallNow(),
      marketNow: clock.marketNow(),
    }),
  );
  const rows = Object.values(done.rowCounts).reduce((sum, each) => sum + each, 0);
  const message =
    done.error ?? `${done.name} holds ${count(rows)} rows, ${bytes(done.bytes)}${flaws(done)}.`;
  const reported = { ...reply, ok: done.status === 'COMPLETED', message };
  return labelled(place, told(reported, { status: done.status, rows }));
}

const flaws = (session: DataSessionDoc): string => {
  const gappy = session.status === 'COMPLETED' ? gappyMarkets(session) : [];
  return gappy.length === 0 ? '' : `, with gaps in ${gappy.join(', ')}`;
};

const lowest = ({ coveragePct, status }: DataSessionDoc): string =>
  status === 'COMPLETED' ? `${Math.min(...Object.values(coveragePct))}%` : '';

/** Sessions of the ledger, where a desk runs, and of the archive. */
export async function listRecordings(options: Desk & Place): Promise<Answer> {
  const store = await connectIfRunning(options);
  const stored =
    store === undefined
      ? []
      : await store.query(store.firestore.collection(paths.dataSessions), dataSessionDoc);
  const place = await placeOfDesk(options, store);
  const kept = isThere(place)
    ? await withArchive(place, {}, (archive) => archive.sessions.list())
    : [];
  const all = new Map([...kept, ...stored].map((session) => [session.sessionId, session]));
  const sessions = [...all.values()].sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  const rows = sessions.map((each) => [
    each.sessionId,
    each.name,
    each.status,
    each.granularity,
    time(each.startedAt),
    time(each.endedAt ?? each.endsAt),
    count(Object.values(each.rowCounts).reduce((sum, rows) => sum + rows, 0)),
    lowest(each),
    gappyMarkets(each).length > 0 && each.status === 'COMPLETED' ? 'needs allowGaps' : '',
  ]);
  const headings = ['id', 'name', 'status', 'granularity', 'from', 'to', 'rows', 'covered', ''];
  const where =
    store === undefined ? '\n(no desk runs here: only what the archive holds is shown)' : '';
  const isEmpty = rows.length === 0;
  const hint = isEmpty ? await elsewhere(place) : '';
  return labelled(place, {
    ok: true,
    text: isEmpty ? `There are no recordings.${where}${hint}` : `${table(headings, rows)}${where}`,
    data: { sessions },
  });
}

/** Deletes a session that no backtest needs (MD-95). */
export async function deleteRecording(
  options: Desk & Place & { readonly dryRun: boolean },
  sessionId: string,
): Promise<Answer> {
  const { store } = await connectWithClock(options);
  const place = await placeOfDesk(options, store);
  const how = { isDryRun: options.dryRun };
  const reply = isThere(place)
    ? await withArchive(place, {}, (archive) => deleteSession({ store, archive }, sessionId, how))
    : await deleteSession({ store, archive: undefined }, sessionId, how);
  return told(reply);
}
