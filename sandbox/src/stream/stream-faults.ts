import { symbol } from '@tradewind/contracts/wire';
import * as z from 'zod';

/** Frames that no venue should send, by what is wrong with them. */
export const GARBAGE = {
  /** No JSON at all. */
  text: () => 'this is { not json',
  truncated: (frame: string) => frame.slice(0, Math.floor(frame.length / 2)),
  unknownEvent: () => '{"e":"surprise","E":1,"s":"???"}',
  array: () => '[1,"two",null,{}]',
  missingFields: (frame: string) => frame.replace(/"p":"[^"]*",/, '').replace(/"t":\d+,/, ''),
  negativePrice: (frame: string) => frame.replace(/"p":"/, '"p":"-'),
  textInNumber: (frame: string) => frame.replace(/"q":"[^"]*"/, '"q":"12abc"'),
  absurdSize: (frame: string) => frame.replace(/"q":"[^"]*"/, `"q":"${'9'.repeat(60)}"`),
  badTime: (frame: string) => frame.replace(/"T":\d+/, '"T":"yesterday"'),
  huge: () => `{"e":"trade","s":"${'X'.repeat(2_000_000)}"}`,
} as const satisfies Readonly<Record<string, (frame: string) => string>>;
export type GarbageKind = keyof typeof GARBAGE;
export const GARBAGE_KINDS = Object.keys(GARBAGE) as [GarbageKind, ...GarbageKind[]];

/** What may happen to the next frames with trades: of one symbol, or of any. */
export const streamFault = z.strictObject({
  kind: z.enum(['garbage', 'duplicate', 'swap', 'late', 'lose']),
  symbol: symbol.optional(),
  /** Trades that it hits. */
  count: z.int().positive().max(100_000).default(1),
  /** How long `late` holds a trade back. */
  delayMs: z.int().positive().max(60_000).default(1_000),
  /** What `garbage` sends beside each trade; every kind in turn where left out. */
  garbage: z.enum(GARBAGE_KINDS).optional(),
});
export type StreamFault = z.output<typeof streamFault>;

type Ordered = StreamFault & { hits: number };

/** Hands out one frame of a trade, or a wrong one. */
export type Emit = (text: string, as: 'trade' | 'repeat' | 'rubbish') => void;

/** The faults of streams that are on order; those of one symbol do not touch another's frames. */
export function createStreamFaults() {
  let faults: Ordered[] = [];
  const held = new Map<string, string>();
  const take = (of: string): Ordered | undefined => {
    const fault = faults.find(({ symbol: only }) => only === undefined || only === of);
    if (fault === undefined) return undefined;
    fault.hits += 1;
    if (fault.hits >= fault.count) faults = faults.filter((each) => each !== fault);
    return fault;
  };
  const spoil = ({ garbage, hits }: Ordered, frame: string): string => {
    const kind = garbage ?? GARBAGE_KINDS[(hits - 1) % GARBAGE_KINDS.length] ?? 'text';
    return GARBAGE[kind](frame);
  };
  return {
    add: (fault: StreamFault): void => {
      faults.push({ ...fault, hits: 0 });
    },
    clear: (): void => {
      faults = [];
    },
    /** Sends one trade's frame as the faults on order will have it. False when it never will be. */
    pass: (of: string, frame: string, emit: Emit): boolean => {
      const before = held.get(of);
      held.delete(of);
      const fault = take(of);
      switch (fault?.kind) {
        case 'garbage':
          emit(spoil(fault, frame), 'rubbish');
          emit(frame, 'trade');
          break;
        case 'duplicate':
          emit(frame, 'trade');
          emit(frame, 'repeat');
          break;
        case 'swap':
          // Changes places with the symbol's next one.
          held.set(of, frame);
          break;
        case 'late':
          setTimeout(() => {
            emit(frame, 'trade');
          }, fault.delayMs).unref();
          break;
        case 'lose':
          break;
        case undefined:
          emit(frame, 'trade');
          break;
      }
      if (before !== undefined) emit(before, 'trade');
      return fault?.kind !== 'lose';
    },
  };
}
export type StreamFaults = ReturnType<typeof createStreamFaults>;
