import type { EpochMs } from '@tradewind/core/lib/time';
import type { ToastEvent } from './toast-events.ts';

const MAX_TOASTS = 4;
const GROUP_AFTER = 3;
const GROUP_WITHIN_MS = 10_000;

/** A toast on the screen; `until` null stays until dismissed (UI-64). */
export type Toast = ToastEvent & {
  readonly at: EpochMs;
  readonly until: number | null;
  readonly count: number;
};

const LIFE: Readonly<Record<ToastEvent['tone'], number | null>> = {
  positive: 5_000,
  info: 5_000,
  neutral: 5_000,
  warning: 10_000,
  negative: null,
};

const GROUP_WORDS: Readonly<Record<ToastEvent['kind'], string>> = {
  fill: 'orders filled',
  rejection: 'orders rejected',
  close: 'positions closed',
  book: 'changes of the book',
  connection: 'connection changes',
};

const grouped = (like: Toast, count: number): Toast => ({
  ...like,
  key: `group:${like.kind}`,
  count,
  text: `${count} ${GROUP_WORDS[like.kind]}`,
});

function add(toasts: readonly Toast[], event: ToastEvent, now: EpochMs): readonly Toast[] {
  if (toasts.some(({ key }) => key === event.key)) return toasts;
  const life = LIFE[event.tone];
  const toast: Toast = { ...event, at: now, until: life === null ? null : now + life, count: 1 };
  const alike = toasts.filter(
    ({ kind, tone, at }) =>
      kind === event.kind && tone === event.tone && now - at <= GROUP_WITHIN_MS,
  );
  const count = alike.reduce((sum, one) => sum + one.count, 1);
  const rest = toasts.filter((one) => !alike.includes(one));
  return count > GROUP_AFTER ? [...rest, grouped(toast, count)] : [...toasts, toast];
}

/** The toasts after new events: at most four, grouped when more than three of a kind come at once. */
export const withEvents = (
  toasts: readonly Toast[],
  events: readonly ToastEvent[],
  now: EpochMs,
): readonly Toast[] =>
  events.reduce<readonly Toast[]>((all, event) => add(all, event, now), toasts).slice(-MAX_TOASTS);

/** Those whose time has not run out. */
export const stillShown = (toasts: readonly Toast[], now: EpochMs): readonly Toast[] => {
  const left = toasts.filter(({ until }) => until === null || until > now);
  return left.length === toasts.length ? toasts : left;
};
