import { wallNow } from '@tradewind/adapters/clock/clock';
import type { Topic } from '@tradewind/contracts/topics';
import { store } from '../composition.ts';
import { metered } from '../usage.ts';
import { publishedAt } from './published-at.ts';

/**
 * Runs one delivery of an event of `topic`, as `metered`; and counts how it ended, and how long after its publication
 * `time`, in the platform's words, it was taken up (ARC-56).
 */
export function delivered<T>(
  topic: Topic,
  time: string | undefined,
  body: () => Promise<T>,
): Promise<T> {
  const at = publishedAt(time);
  const latencyMs = at === null ? null : Math.max(0, wallNow() - at);
  const { usage } = store();
  return metered(async () => {
    try {
      const result = await body();
      usage.delivered(topic, { latencyMs, failed: false });
      return result;
    } catch (error) {
      usage.delivered(topic, { latencyMs, failed: true });
      throw error;
    }
  });
}
