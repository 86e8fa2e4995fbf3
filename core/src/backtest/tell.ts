import type { EpochMs } from '../lib/time.ts';
import type { OrderUpdate, PositionUpdate } from '../strategy/strategy.ts';
import type { Lane } from './state.ts';

/** Tells a strategy what became of its order. */
export const tellOrder = (lane: Lane, update: OrderUpdate, at: EpochMs): void => {
  lane.engine.decide(lane.state, { kind: 'order', update }, at);
};

/** Tells a strategy what became of its position. */
export const tellPosition = (lane: Lane, status: PositionUpdate['status'], at: EpochMs): void => {
  lane.engine.decide(lane.state, { kind: 'position', update: { status, isExternal: false } }, at);
};
