import { join, relative } from 'node:path';
import color from 'picocolors';
import type { Spread } from '../lib/stats.ts';
import type { Desk } from './desk.ts';
import { isSimulated } from './feed.ts';
import { emailOf, PASSWORD } from './seed.ts';
import type { Summary } from './summary.ts';

const line = (label: string, text: string): string => `  ${color.dim(label.padEnd(12))}${text}`;

function feedWords({ plan, clock }: Desk): string {
  const { feed } = plan;
  if (feed.kind === 'sandbox') return 'a simulated market (everything on screen says SIMULATED)';
  if (feed.kind === 'live') return `public trades of ${feed.venue}; orders are paper`;
  const from = new Date(clock.origin).toISOString().slice(0, 16).replace('T', ' ');
  return `${feed.name}, recorded, from ${from} UTC at ${clock.speed} times its pace; orders are paper`;
}

/** What a person sees when the desk is up: where to go, how to get in, what to look at. */
export function welcome(desk: Desk): string {
  const { plan, resumed } = desk;
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  const logs = relative(process.cwd(), join(plan.folder, 'logs'));
  return [
    '',
    `${color.bold(color.green('The desk is running.'))}${resumed ? ' It goes on where you left it.' : ''}`,
    '',
    line('Dashboard', color.bold(color.cyan(local(plan.ports.hosting)))),
    line(
      'Sign in',
      `${emailOf('admin')} / ${PASSWORD}   (also ${emailOf('trader')}, ${emailOf('viewer')})`,
    ),
    line('Mailbox', local(plan.ports.mailbox)),
    line('Market', `${plan.symbols.join(', ')}: ${feedWords(desk)}`),
    line('Logs', `${logs}/`),
    '',
    '  Watch the bots warm up and their temperature rise; their first trades come within minutes.',
    '  Each order shows as a marker in the chart and sends an e-mail. Emergency stop ends it all.',
    '',
    color.dim(
      isSimulated(plan.feed)
        ? '  Nothing here is real money. Ctrl-C stops and keeps the desk; --fresh starts over.'
        : '  Prices are real, orders are paper. Ctrl-C stops and keeps the desk; --fresh starts over.',
    ),
    '',
  ].join('\n');
}

const ms = (spread: Spread | null): string =>
  spread === null ? 'not measured' : `p50 ${spread.p50} ms, p95 ${spread.p95} ms (${spread.n})`;

/** A headless run's figures for people. */
export function report(summary: Summary): string {
  const { orders, firestore } = summary;
  const states = Object.entries(orders)
    .filter(([name, count]) => name !== 'total' && count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return [
    '',
    `${summary.ok ? color.green('✔ The run held.') : color.red('✘ The run failed.')} ${summary.feed}${summary.simulated ? ', SIMULATED' : ''}`,
    line('Cycles', String(summary.cycles)),
    line('Signals', String(summary.signals)),
    line('Orders', `${orders.total}${states.length > 0 ? ` (${states.join(', ')})` : ''}`),
    line('Fills', String(summary.fills)),
    line('Positions', `${summary.positions} open, ${summary.roundTrips} round trips`),
    line('P&L', `${summary.pnlQuote} by the ledger, ${summary.venuePnlQuote ?? '?'} by the venue`),
    line('E-mails', `${summary.emails}, alerts ${summary.alerts}`),
    line('To order', `${ms(summary.ackMs)}; bare path ${ms(summary.bareAckMs)}`),
    line('To screen', `${ms(summary.visibleMs)}; bare path ${ms(summary.bareVisibleMs)}`),
    line('Firestore', `${firestore.reads} reads, ${firestore.writes} writes`),
    ...summary.errors.map((error) => color.red(`  ✘ ${error}`)),
    '',
  ].join('\n');
}
