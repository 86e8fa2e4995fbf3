import { encode, type ZodType } from 'zod';
import { bookDoc, positionDoc, riskStateDoc } from '@tradewind/contracts/documents/book';
import { botDoc, botStatusDoc } from '@tradewind/contracts/documents/bot';
import { orderDoc, signalDoc } from '@tradewind/contracts/documents/execution';
import { boardDoc } from '@tradewind/contracts/documents/market';
import { heartbeatDoc, type Role } from '@tradewind/contracts/documents/system';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactElement } from 'react';
import { App } from '../app/app.tsx';
import { DeskContext } from '../lib/desk-context.tsx';
import { createRegistry } from '../lib/registry.ts';
import {
  book,
  bot,
  botStatus,
  board,
  livePrice,
  order,
  position,
  riskState,
  signal,
  T0,
} from './documents.ts';
import { fakeWorld, type FakeWorld } from './fake-ports.ts';

/** A document as Firestore stores it. */
export const stored = <T,>(schema: ZodType<T>, value: T): unknown => encode(schema, value);

/** Draws something inside a desk. */
export const renderIn = (world: FakeWorld, element: ReactElement): RenderResult =>
  render(
    <DeskContext value={{ ports: world.ports, registry: createRegistry(world.ports) }}>
      {element}
    </DeskContext>,
  );

/** A running paper desk with one bot, one position and one order. */
export function deskWorld(role: Role | null): FakeWorld {
  const world = fakeWorld({ kind: 'signedIn', uid: 'u1', email: 'a@b.test', role });
  const b = 'books/paper';
  world.put('books', { paper: stored(bookDoc, book()) });
  world.put(`${b}/risk/state`, { state: stored(riskStateDoc, riskState()) });
  world.put(`${b}/positions`, { p1: stored(positionDoc, position()) });
  world.put(`${b}/orders`, { twabc: stored(orderDoc, order()) });
  world.put(`${b}/signals`, { s1: stored(signalDoc, signal()) });
  world.put('bots', { balanced: stored(botDoc, bot()) });
  world.put('botStatus', { balanced: stored(botStatusDoc, botStatus()) });
  world.put('livePrices', { 'worker-0': stored(boardDoc, board(livePrice())) });
  world.put('heartbeats', {
    worker: stored(heartbeatDoc, {
      component: 'worker',
      status: 'LIVE',
      detail: 'streaming',
      startedAt: T0,
      beatAt: T0,
      maxAgeMs: 10_000,
      version: '0.1.0',
    }),
  });
  return world;
}

/** What jsdom lacks and the desk uses. */
function stubBrowser(): void {
  Object.defineProperty(globalThis, 'matchMedia', {
    configurable: true,
    value: () => ({ matches: false }),
  });
}

export const renderDesk = (world: FakeWorld): RenderResult => {
  stubBrowser();
  return renderIn(world, <App />);
};
