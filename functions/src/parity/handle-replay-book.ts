import { raiseAlert } from '@tradewind/adapters/alerts/raise-alert';
import { codeVersion } from '@tradewind/adapters/config/code-version';
import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import { replayTrading, tradingOf, type Trading } from '@tradewind/adapters/parity/replay-book';
import { reportParity } from '@tradewind/adapters/parity/report-parity';
import type { TaskPayload } from '@tradewind/contracts/tasks';
import { durationMs, epochMs, later } from '@tradewind/core/lib/time';
import { strategyById } from '@tradewind/strategies/registry';

type Ports = Pick<ExecutionPorts, 'store' | 'clock' | 'log'>;
type Task = TaskPayload<'replayBook'>;

const DAY = durationMs(86_400_000);

async function replayOne(
  { store, clock }: Ports,
  trading: Trading,
  { bookId, dayAt }: Task,
): Promise<void> {
  const from = epochMs(dayAt);
  const to = later(from, DAY);
  const replayer = { strategyById, code: codeVersion() };
  const parities = await replayTrading(store, trading, { bookId, from, to, replayer });
  // What decided nothing has no score, and keeps the one of the day that it last decided on.
  if (parities.length === 0) return;
  const { strategyId } = trading;
  await reportParity(store, { bookId, strategyId, from, to, parities, now: clock.wallNow() });
}

/** A day that can not be replayed is not known to be right: somebody has to look. */
async function alertFailure(
  ports: Ports,
  { bookId }: Task,
  failed: { strategyId: string; error: unknown },
) {
  const { strategyId, error } = failed;
  const reason = error instanceof Error ? error.message : String(error);
  ports.log.error('a replay failed', { bookId, strategyId, error });
  await raiseAlert(ports.store, {
    rule: 'parity_unknown',
    severity: 'WARNING',
    message: `What ${strategyId} decided could not be replayed: ${reason.slice(0, 300)}`,
    details: { strategyId },
    bookId,
    symbol: null,
    label: strategyId,
    now: ports.clock.wallNow(),
  });
}

/** Replays a market day of some bots and strategies and stores how far it agrees; one's failure is its own. */
export async function handleReplayBook(ports: Ports, task: Task): Promise<void> {
  const wanted = new Set(task.strategyIds);
  const all = await tradingOf(ports.store, task.bookId);
  for (const trading of all.filter(({ strategyId }) => wanted.has(strategyId)))
    try {
      await replayOne(ports, trading, task);
    } catch (error) {
      await alertFailure(ports, task, { strategyId: trading.strategyId, error });
    }
}
