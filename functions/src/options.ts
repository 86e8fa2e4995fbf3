import { defineSecret } from 'firebase-functions/params';

/** Secrets by name: bound only to the functions that need them, so that no other can read them. */
export const binanceApiKey = defineSecret('BINANCE_API_KEY');
export const binanceApiSecret = defineSecret('BINANCE_API_SECRET');
export const sendgridApiKey = defineSecret('SENDGRID_API_KEY');

const venueSecrets = [binanceApiKey, binanceApiSecret];

/** True in the emulator, where App Check tokens do not exist. */
export const inEmulator = process.env['FUNCTIONS_EMULATOR'] === 'true';

/**
 * What every function shares. Few instances on purpose: the work is small, a bill stays bounded,
 * and fewer writers contend for the same documents.
 */
export const base = { region: 'us-central1', memory: '512MiB', maxInstances: 3 } as const;

/** Functions that call the venue: its keys, its module loaded ahead, one order at a time each. */
export const trading = {
  ...base,
  secrets: venueSecrets,
  concurrency: 8,
  timeoutSeconds: 120,
} as const;

/** Entry points that trade; an instance of one loads the venue's client while it starts. */
const TRADING_FUNCTIONS: ReadonlySet<string> = new Set([
  'evaluateBots',
  'executeIntent',
  'guardian',
  'syncOrders',
  'syncOrdersAgain',
  'monitorBooks',
  'tidyBooks',
  'emergencyCancel',
  'closePosition',
  'cancelOrder',
  'settleOrder',
  'startSession',
  'pauseSession',
  'stopSession',
  'pauseStrategy',
  'stopStrategy',
  'syncOrdersNow',
  'rebuildLedger',
]);

/** True in an instance that serves a trading function (the platform names it at start). */
export const isTradingInstance = (): boolean =>
  TRADING_FUNCTIONS.has(process.env['FUNCTION_TARGET'] ?? '');
