import type { FlowView } from '../../engine/structure.ts';
import { flowSignal } from '../../orderflow/flow-signal.ts';
import { microstructureOf } from '../../orderflow/microstructure.ts';
import type { Direction } from '../decision.ts';
import { require, type Gate } from '../gate.ts';
import type { Analyser } from './params.ts';

/** What an analyser says of the last minute, in its own word; `null` where it cannot tell. */
type Said = { readonly word: string; readonly direction: Direction | null } | null;

function orderFlow(flow: FlowView | undefined, ratio: number): Said {
  if (flow === undefined) return null;
  const { volume, bought: buyVolume, trades } = flow;
  const word = flowSignal({ volume, buyVolume, trades }, ratio);
  if (word === undefined) return null;
  return { word, direction: word === 'BUY' ? 'LONG' : word === 'SELL' ? 'SHORT' : null };
}

function microstructure(flow: FlowView | undefined): Said {
  if (flow?.buys == null || flow.move === undefined) return null;
  const { volume, bought: buyVolume, trades, buys, move, atr, tradeRate, meanTradeRate } = flow;
  if (atr === undefined || meanTradeRate === undefined) return null;
  const sums = { volume, buyVolume, trades, buys };
  const word = microstructureOf({ sums, move, atr, tradeRate, meanTradeRate })?.signal;
  if (word === undefined) return null;
  return { word, direction: word === 'BULLISH' ? 'LONG' : word === 'BEARISH' ? 'SHORT' : null };
}

function say(analyser: Analyser, flow: FlowView | undefined): Said {
  switch (analyser.id) {
    case 'order_flow':
      return orderFlow(flow, analyser.ratio);
    case 'microstructure':
      return microstructure(flow);
  }
}

/** What the analysers say together (STR-60). */
export type Primary = {
  readonly gates: readonly Gate[];
  /** `null` unless all of them see the same side. */
  readonly direction: Direction | null;
};

/** A gate that says what an analyser said, and passes when that is a side. */
function sideGate({ id }: Analyser, said: Said, flow: FlowView | undefined): Gate {
  const isKnown = flow !== undefined && (id === 'order_flow' || flow.buys !== null);
  const word = said?.word ?? null;
  return require({
    gate: `primary.${id}`,
    reason: isKnown ? 'no_signal' : 'low_data_quality',
  }, word, said?.direction == null ? 'a side' : (word ?? ''));
}

/** Asks every analyser; each has to see a side, and all the same one. Without trades that tell there is none. */
export function judgePrimary(analysers: readonly Analyser[], flow: FlowView | undefined): Primary {
  const said = analysers.map((analyser) => say(analyser, flow));
  const gates = analysers.map((analyser, index) => sideGate(analyser, said[index] ?? null, flow));
  if (!gates.every(({ passes }) => passes)) return { gates, direction: null };
  const direction = said[0]?.direction ?? null;
  const agree = require({
    gate: 'primary.agree',
    reason: 'no_signal',
  }, said.every((each) => each?.direction === direction), true);
  return { gates: [...gates, agree], direction: agree.passes ? direction : null };
}
