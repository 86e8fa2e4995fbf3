import fc from 'fast-check';
import { anInstrument, aPosition } from '../order/fixtures.ts';
import { money, price, qty, type Price } from '../lib/units.ts';
import type { Position } from './position.ts';
import { armProtection, effectiveStop, onPrice, type ProtectionPlan } from './protection.ts';
import { decideStop, type RestingStop, type StopAction } from './venue-stop.ts';

type Change = Partial<ProtectionPlan> & {
  readonly entry?: string;
  readonly side?: Position['side'];
  /** Prices seen since. */
  readonly seen?: readonly string[];
  readonly position?: Partial<Position>;
};

const PLAN: ProtectionPlan = {
  stopLossPct: 5,
  takeProfitPct: 10,
  trailingStopPct: 0.5,
  stopAt: null,
  targetAt: null,
};

function held({ entry = '50000', side = 'LONG', seen = [], position, ...plan }: Change = {}) {
  const armed = armProtection(price(entry), { ...PLAN, ...plan }, side);
  const protection = seen.reduce((p, px) => onPrice(p, side, price(px)).protection, armed);
  return aPosition({ side, protection, ...position });
}

const decide = (
  position: Position,
  { resting = null, atr = null }: { resting?: RestingStop | null; atr?: Price | null } = {},
): StopAction => decideStop({ position, instrument: anInstrument(), resting, atr });

const resting = (stopPrice: string, quantity = '0.002', filled = '0'): RestingStop => ({
  stopPrice: price(stopPrice),
  quantity: qty(quantity),
  filled: qty(filled),
});

describe('PF-46 the price of the stop at the venue', () => {
  test.each<[string, Change, string | null, string, string]>([
    ['twice the trailing distance behind the entry', {}, null, '49500', 'trailing_stop'],
    ['and behind the best price since', { seen: ['51000'] }, null, '50490', 'trailing_stop'],
    ['the ATR where that is farther', {}, '800', '49200', 'trailing_stop'],
    ['not the ATR where that is nearer', {}, '100', '49500', 'trailing_stop'],
    [
      'the fixed stop without a trailing one',
      { trailingStopPct: null },
      '800',
      '47500',
      'stop_loss',
    ],
    ['the fixed stop where it is tighter', { trailingStopPct: 17.5 }, null, '47500', 'stop_loss'],
    ['the stop that the strategy named', { stopAt: price('49800') }, null, '49800', 'stop_loss'],
    ['the fixed stop when the ATR is all of the price', {}, '50000', '47500', 'stop_loss'],
    ['mirrored for a SHORT', { side: 'SHORT' }, null, '50500', 'trailing_stop'],
    ['a SHORT by its ATR', { side: 'SHORT', seen: ['49000'] }, '900', '49900', 'trailing_stop'],
    ['a SHORT by its fixed stop', { side: 'SHORT' }, '9000', '52500', 'stop_loss'],
    ['a tick tighter, never looser', { entry: '33333.33' }, null, '33000', 'trailing_stop'],
  ])('is %s', (_, change, atr, stopPrice, reason) => {
    const action = decide(held(change), { atr: atr === null ? null : price(atr) });
    expect(action).toMatchObject({ kind: 'place', stop: { stopPrice: price(stopPrice), reason } });
  });
});

describe('D12 D13 what is done about the stop at the venue', () => {
  const locked = { closeIntentId: 'exit' };
  test.each<[string, Change, RestingStop | null, StopAction['kind']]>([
    ['a position without one gets it', {}, null, 'place'],
    ['one that fits stays', {}, resting('49500'), 'nothing'],
    ['too small: replaced', {}, resting('49500', '0.001'), 'replace'],
    ['too large: replaced', {}, resting('49500', '0.003'), 'replace'],
    ['a move of 0.24 % is not worth it', { seen: ['50120'] }, resting('49500'), 'nothing'],
    ['a move of 0.25 % is', { seen: ['50125'] }, resting('49500'), 'replace'],
    ['tighter than wanted: stays', {}, resting('49900'), 'nothing'],
    ['it has begun to sell: left alone', {}, resting('49500', '0.003', '0.001'), 'nothing'],
    ['an exit is under way: left to it', { position: locked }, resting('49500'), 'nothing'],
    ['an exit is under way, none rests', { position: locked }, null, 'nothing'],
    [
      'flat at the venue, cause unknown',
      { position: { status: 'CLOSING_UNCONFIRMED' } },
      null,
      'nothing',
    ],
    ['closed: taken away', { position: { status: 'CLOSED' } }, resting('49500'), 'cancel'],
    ['closed, none rests', { position: { status: 'CLOSED' } }, null, 'nothing'],
  ])('%s', (_, change, rests, kind) => {
    expect(decide(held(change), { resting: rests }).kind).toBe(kind);
  });

  test('a SHORT is moved down, and never up', () => {
    const short = held({ side: 'SHORT', seen: ['49000'] });
    expect(decide(short, { resting: resting('50500') })).toMatchObject({
      kind: 'replace',
      stop: { stopPrice: price('49490') },
    });
    expect(decide(short, { resting: resting('49000') }).kind).toBe('nothing');
  });

  test('re-sized, it keeps the tighter price that it has', () => {
    expect(decide(held(), { resting: resting('49900', '0.001') })).toMatchObject({
      stop: { stopPrice: price('49900'), quantity: qty('0.002') },
    });
  });
});

describe('PF-49 a position that the venue can hold no stop for', () => {
  const small = (position: Partial<Position> = {}) =>
    held({ trailingStopPct: null, position: { quantity: qty('0.0001'), ...position } });

  test('is closed where it can be', () => {
    expect(decide(small())).toEqual({ kind: 'close' });
  });
  test('is waited for while it still grows', () => {
    expect(decide(small({ status: 'BUILDING' }))).toEqual({ kind: 'nothing' });
  });
  test('is left alone where it is dust', () => {
    expect(decide(small({ quantity: qty('0.000001') }))).toEqual({ kind: 'nothing' });
  });
  test('loses a stop that is larger than it', () => {
    const dust = small({ quantity: qty('0.000001') });
    expect(decide(dust, { resting: resting('47500') })).toEqual({ kind: 'cancel' });
  });
  test('is stopped by any amount where it is a future', () => {
    const action = decideStop({
      position: small(),
      instrument: anInstrument({ market: 'futures', minNotional: money('100') }),
      resting: null,
      atr: null,
    });
    expect(action.kind).toBe('place');
  });
});

const side = fc.constantFrom('LONG' as const, 'SHORT' as const);
const px = fc.integer({ min: 4_000_000, max: 6_000_000 }).map((c) => price((c / 100).toFixed(2)));
const amount = fc.integer({ min: 1, max: 500_000 }).map((n) => qty((n / 1e7).toFixed(7)));
const trail = fc.option(fc.constantFrom(0.3, 0.5, 5, 17.5), { nil: null });

test('prop: the stop never covers more than the position, and all of it but a lot step', () => {
  fc.assert(
    fc.property(side, px, amount, trail, (which, entry, quantity, trailingStopPct) => {
      const protection = armProtection(entry, { ...PLAN, trailingStopPct }, which);
      const action = decide(aPosition({ side: which, quantity, protection }));
      if (action.kind !== 'place') return;
      const uncovered: bigint = quantity - action.stop.quantity;
      expect(uncovered >= 0n && uncovered < anInstrument().lotSize).toBe(true);
    }),
  );
});

test('prop: whatever prices and sizes come, the stop at the venue only moves in favour', () => {
  const step = fc.tuple(px, amount, fc.option(px, { nil: null }));
  fc.assert(
    fc.property(side, px, trail, fc.array(step, { maxLength: 12 }), (which, entry, d, steps) => {
      let protection = armProtection(entry, { ...PLAN, trailingStopPct: d }, which);
      let rests: RestingStop | null = null;
      for (const [seen, quantity, atr] of steps) {
        protection = onPrice(protection, which, seen).protection;
        const position = aPosition({ side: which, quantity, protection });
        const action = decide(position, { resting: rests, atr });
        if (action.kind !== 'place' && action.kind !== 'replace') continue;
        const { stopPrice } = action.stop;
        if (rests !== null && action.kind === 'replace')
          expect(
            which === 'LONG' ? stopPrice >= rests.stopPrice : stopPrice <= rests.stopPrice,
          ).toBe(true);
        rests = { stopPrice, quantity: action.stop.quantity, filled: qty('0') };
        // What was just done is right: looked at again, nothing is left to do.
        expect(decide(position, { resting: rests, atr })).toEqual({ kind: 'nothing' });
      }
    }),
  );
});

test('prop: the stop at the venue is never tighter than the one that acts here', () => {
  fc.assert(
    fc.property(side, px, trail, px, (which, entry, d, seen) => {
      const armed = armProtection(entry, { ...PLAN, trailingStopPct: d }, which);
      const { protection } = onPrice(armed, which, seen);
      const action = decide(aPosition({ side: which, quantity: qty('1'), protection }));
      if (action.kind !== 'place') throw new Error('a whole coin can be stopped');
      const here: bigint = effectiveStop(protection, which).price;
      const tighterBy = action.stop.stopPrice - here;
      expect((which === 'LONG' ? tighterBy : -tighterBy) < anInstrument().tickSize).toBe(true);
    }),
  );
});
