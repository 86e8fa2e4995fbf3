import { onInit } from 'firebase-functions/v2/core';
import { loadVenueModule } from './composition.ts';
import { inEmulator, isTradingInstance } from './options.ts';
import { probeDocument as probeDocumentFunction } from './probes/probe-document.ts';
import { probeTask as probeTaskFunction } from './probes/probe-task.ts';

export { api } from './api/api.ts';
export { createBot } from './bots/create-bot.ts';
export { deleteBot } from './bots/delete-bot.ts';
export { simulateBotTrade } from './bots/simulate-bot-trade.ts';
export { startBot } from './bots/start-bot.ts';
export { stopAllBots } from './bots/stop-all-bots.ts';
export { stopBot } from './bots/stop-bot.ts';
export { updateBot } from './bots/update-bot.ts';
export { evaluateBots } from './cycle/evaluate-bots.ts';
export { runCycle } from './cycle/run-cycle.ts';
export { startRecording } from './data/start-recording.ts';
export { stopRecording } from './data/stop-recording.ts';
export { discardDeadLetter } from './dead-letters/discard-dead-letter.ts';
export { replayDeadLetter } from './dead-letters/replay-dead-letter.ts';
export { decideSignals } from './execution/decide-signals.ts';
export { executeIntent } from './execution/execute-intent.ts';
export { guardian } from './guardian/guardian.ts';
export { acknowledgeAlert } from './notifications/acknowledge-alert.ts';
export { applyOrder } from './notifications/apply-order.ts';
export { notifyAlert } from './notifications/notify-alert.ts';
export { sendNotification } from './notifications/send-notification.ts';
export { replayBook } from './parity/replay-book.ts';
export { replayDay } from './parity/replay-day.ts';
export { rebuildLedger } from './ledger/rebuild-ledger.ts';
export { recordCashFlow } from './ledger/record-cash-flow.ts';
export { restoreLedger } from './ledger/restore-ledger.ts';
export { cancelOrder } from './positions/cancel-order.ts';
export { settleOrder } from './positions/settle-order.ts';
export { closePosition } from './positions/close-position.ts';
export { allocateBudget } from './risk/allocate-budget.ts';
export { countTrade } from './risk/count-trade.ts';
export { setTargetRange } from './reports/set-target-range.ts';
export { weeklyReport } from './reports/weekly-report.ts';
export { enableStrategy } from './risk/enable-strategy.ts';
export { monitorBooks } from './risk/monitor-books.ts';
export { recomputePerformance } from './risk/recompute-performance.ts';
export { setMode } from './risk/set-mode.ts';
export { setRiskLimits } from './risk/set-risk-limits.ts';
export { tidyBooks } from './risk/tidy-books.ts';
export { emergencyCancel } from './safety/emergency-cancel.ts';
export { resetSafety } from './safety/reset-safety.ts';
export { pauseSession } from './sessions/pause-session.ts';
export { resumeSession } from './sessions/resume-session.ts';
export { startSession } from './sessions/start-session.ts';
export { stopSession } from './sessions/stop-session.ts';
export { saveTradingConfig } from './sessions/save-trading-config.ts';
export { deleteStrategy } from './strategies/delete-strategy.ts';
export { pauseStrategy } from './strategies/pause-strategy.ts';
export { resumeStrategy } from './strategies/resume-strategy.ts';
export { saveStrategy } from './strategies/save-strategy.ts';
export { startStrategy } from './strategies/start-strategy.ts';
export { stopStrategy } from './strategies/stop-strategy.ts';
export { checkLedgers } from './sync/check-ledgers.ts';
export { syncOrdersAgain } from './sync/sync-orders-again.ts';
export { syncOrdersNow } from './sync/sync-orders-now.ts';
export { syncOrders } from './sync/sync-orders.ts';

/** The bare paths that latency figures are measured against exist in the emulator only. */
export const probeDocument = inEmulator ? probeDocumentFunction : undefined;
export const probeTask = inEmulator ? probeTaskFunction : undefined;

// An instance that trades loads the venue's client while it starts, so that its first order need
// not wait for it. A failure here would show again, with its cause, when the client is used.
if (isTradingInstance()) {
  const loading = loadVenueModule();
  loading.catch(() => undefined);
  onInit(() => loading.then(() => undefined));
}
