import type { CommandReply } from '@tradewind/contracts/callables';
import { strategySettings, symbolOf } from '@tradewind/contracts/documents/strategy';
import * as z from 'zod';
import type { Answer } from '../cli/answer.ts';
import { command } from '../desk/command.ts';
import { Fault } from '../lib/fault.ts';
import { isBusy, portsAt, type Ports } from '../lib/ports.ts';
import { checkStrategyFile, readJson } from './look.ts';

/** The desk on this machine: nowhere else may a command line sign in as anybody. */
type Local = { readonly portOffset: number };

async function portsOf({ portOffset }: Local): Promise<Ports> {
  const ports = portsAt(portOffset);
  if (await isBusy(ports.functions)) return ports;
  throw new Fault(
    `No desk runs here (nothing listens on port ${ports.functions}). Start one with npm start`,
  );
}

/** What the desk's trader may do. */
const asTrader = (ports: Ports) => ({ ports, role: 'trader' }) as const;

const told = ({ ok, code, message, id, items }: CommandReply, more = ''): Answer => ({
  ok,
  text:
    [message, ...(items ?? []).map(({ item, result }) => `  - ${item}: ${result}`)].join('\n') +
    more,
  data: { code, message, ...(id === undefined ? {} : { id }) },
});

/**
 * Saves a strategy document on the local desk and starts a session with it alone (STR-90).
 *
 * @throws Fault where no desk runs.
 */
export async function runStrategy(
  file: string,
  { book, capital, ...local }: Local & { readonly book: string; readonly capital: string },
): Promise<Answer> {
  const checked = checkStrategyFile(file, { live: false });
  if (!checked.ok) return checked;
  const settings = strategySettings.parse(readJson(file));
  const desk = asTrader(await portsOf(local));
  const saved = await command(desk, 'saveStrategy', {
    bookId: book,
    settings: z.encode(strategySettings, settings),
  });
  if (!saved.ok || saved.id === undefined) return told(saved);
  const session = await command(desk, 'startSession', {
    bookId: book,
    mode: 'paper',
    symbols: [...new Set(settings.marketKeys.map(symbolOf))],
    strategyIds: [saved.id],
    initialCapital: capital,
  });
  const end = session.ok ? `\nEnd it with: npm run tw -- strategy stop ${session.id ?? ''}` : '';
  return told(session, end);
}

/** Stops a session of the local desk (STR-91). @throws Fault where no desk runs. */
export async function stopSession(
  sessionId: string,
  { close, ...local }: Local & { readonly close: boolean },
): Promise<Answer> {
  return told(
    await command(asTrader(await portsOf(local)), 'stopSession', {
      sessionId,
      closePositions: close,
    }),
  );
}
