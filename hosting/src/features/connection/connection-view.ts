import type { LivePriceDoc } from '@tradewind/contracts/documents/market';
import type { HeartbeatDoc } from '@tradewind/contracts/documents/system';
import { ageMs, type EpochMs } from '@tradewind/core/lib/time';
import { formatAge } from '../../lib/format.ts';
import { freshness } from '../../lib/freshness.ts';
import { dataOf, type Loaded } from '../../lib/loaded.ts';

/** What the person must know before trusting a figure (07, section 4). */
export type ConnectionView = {
  readonly kind: 'connecting' | 'connected' | 'stale' | 'silent' | 'offline';
  readonly label: string;
  /** One sentence for the bar below the header; `null` when nothing needs saying. */
  readonly notice: string | null;
  /** Offline: nothing may be sent and everything is grey (UI-16). */
  readonly commandsDisabled: boolean;
};

export type ConnectionFacts = {
  readonly browserOnline: boolean;
  /** Since when only cached snapshots arrive. */
  readonly cachedSince: EpochMs | null;
  readonly heartbeats: Loaded<HeartbeatDoc>;
  readonly prices: Loaded<LivePriceDoc>;
  readonly now: EpochMs;
};

const CACHED_OFFLINE_MS = 5_000;
const SILENT_MS = 30_000;
const FORGOTTEN_MS = 600_000;
/** Markets that a notice names. */
const MAX_NAMES = 3;

const offline = (notice: string): ConnectionView => ({
  kind: 'offline',
  label: 'Offline',
  notice,
  commandsDisabled: true,
});
const online = (
  kind: ConnectionView['kind'],
  label: string,
  notice: string | null,
): ConnectionView => ({ kind, label, notice, commandsDisabled: false });

/**
 * The beat that the desk lives by: of its worker's shards the one in trouble, else the quietest; where no worker
 * runs the freshest other. A shard that has been silent for long was given up.
 */
function leadingBeat(beats: readonly HeartbeatDoc[], now: EpochMs): HeartbeatDoc | undefined {
  const [freshest] = [...beats].sort((a, b) => b.beatAt - a.beatAt);
  const workers = beats.filter(
    ({ component, status, beatAt }) =>
      component.startsWith('worker') && status !== 'STOPPED' && now - beatAt < FORGOTTEN_MS,
  );
  const [quietest] = workers.sort((a, b) => a.beatAt - b.beatAt);
  return workers.find(isTroubled) ?? quietest ?? freshest;
}

const isTroubled = ({ status }: HeartbeatDoc): boolean =>
  status === 'STALE' || status === 'RECONNECTING';

/** Some names, and how many more. */
const listed = (names: readonly string[]): string =>
  names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;

/** What the marks of single prices come to; `null` where all are live. */
function marksNotice(prices: readonly LivePriceDoc[]): string | null {
  const named = (marked: (price: LivePriceDoc) => boolean): string =>
    listed(prices.filter(marked).map(({ symbol }) => symbol));
  const disputed = named(({ conflict }) => conflict);
  if (disputed !== '') return `Sources disagree about ${disputed}: no entries there.`;
  const degraded = named((price) => price.degraded);
  if (degraded !== '') return `Fallback prices for ${degraded}: no entries there.`;
  const silent = named(({ stale }) => stale);
  return silent === '' ? null : `No trades lately: ${silent}. Entries there wait.`;
}

function staleNotice(beat: HeartbeatDoc, prices: readonly LivePriceDoc[], now: EpochMs) {
  const old = prices.filter(
    ({ writtenAt, maxAgeMs }) => freshness({ at: writtenAt, maxAgeMs }, now).kind !== 'fresh',
  );
  const consequence = 'Strategies wait; stops use fallback prices.';
  if (old.length > 0) {
    const names = old.map(({ symbol, writtenAt }) => `${symbol} ${formatAge(now - writtenAt)}`);
    return `Market data stale: ${listed(names)}. ${consequence}`;
  }
  const quiet = freshness({ at: beat.beatAt, maxAgeMs: beat.maxAgeMs }, now).kind !== 'fresh';
  if (quiet)
    return `The ${beat.component} last reported ${formatAge(now - beat.beatAt)} ago. ${consequence}`;
  if (beat.status === 'STALE' || beat.status === 'RECONNECTING')
    return `Market data stale: the ${beat.component} is ${beat.status.toLowerCase()} (${beat.detail}). ${consequence}`;
  return marksNotice(prices);
}

/** Judges browser, listeners, heartbeats and price ages, the gravest first. */
export function connectionView(facts: ConnectionFacts): ConnectionView {
  const { now, heartbeats, prices } = facts;
  if (!facts.browserOnline)
    return offline('Your browser is offline. Figures are old; nothing can be sent.');
  if (facts.cachedSince !== null && ageMs(facts.cachedSince, now) > CACHED_OFFLINE_MS)
    return offline(
      `No answer from the database for ${formatAge(now - facts.cachedSince)}. Figures are old; nothing can be sent.`,
    );
  if (heartbeats.status === 'error')
    return online('silent', 'Not reporting', `Heartbeats unavailable: ${heartbeats.message}.`);
  if (heartbeats.status === 'pending') return online('connecting', 'Connecting…', null);
  const beat = leadingBeat(heartbeats.data, now);
  const age = beat === undefined ? undefined : ageMs(beat.beatAt, now);
  if (beat === undefined || age === undefined || age > Math.max(SILENT_MS, beat.maxAgeMs))
    return online(
      'silent',
      'Backend silent',
      `Trading engine not reporting${age === undefined ? '' : ` for ${formatAge(age)}`}. Open orders stay at the venue; emergency stop still works.`,
    );
  const notice = staleNotice(beat, dataOf(prices), now);
  return notice === null
    ? online('connected', 'Connected', null)
    : online('stale', 'Data stale', notice);
}
