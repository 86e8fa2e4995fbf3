import fc from 'fast-check';
import { price } from '../lib/units.ts';
import { handedOver } from './hand-over.ts';
import { armProtection, effectiveStop, onPrice } from './protection.ts';

const PLAN = { stopLossPct: 10, takeProfitPct: 20, stopAt: null, targetAt: null };
const held = (side: 'LONG' | 'SHORT', trailingStopPct: number | null = null) => ({
  protection: armProtection(price('100'), { ...PLAN, trailingStopPct }, side),
  averageEntry: price('100'),
  side,
});

test.each([
  ['LONG', '94'],
  ['SHORT', '106'],
] as const)('PF-47 STR-33 a %s keeps 0.6 of the distance of its stop', (side, stop) => {
  expect(handedOver(held(side)).stopLoss).toBe(price(stop));
});

test('PF-47 STR-33 a trailing stop keeps 0.6 of its distance from the best price so far', () => {
  const position = held('LONG', 5);
  const { protection } = onPrice(position.protection, 'LONG', price('110'));
  expect(handedOver({ ...position, protection }).trailingStop).toBe(price('106.7'));
});

test('PF-47 STR-33 what was tighter already stays, and a second time changes nothing', () => {
  const position = held('LONG', 5);
  const near = { ...position.protection, stopLoss: price('99'), trailingStop: price('99.5') };
  expect(handedOver({ ...position, protection: near })).toEqual(near);
  const once = handedOver(position);
  expect(handedOver({ ...position, protection: once })).toEqual(once);
});

test('PF-47 prop: a stop is never loosened, whatever the prices before and after', () => {
  const px = fc.integer({ min: 50, max: 200 }).map((n) => price(String(n)));
  const side = fc.constantFrom('LONG' as const, 'SHORT' as const);
  fc.assert(
    fc.property(side, fc.array(px, { maxLength: 8 }), (which, prices) => {
      const position = held(which, 5);
      let { protection } = position;
      for (const each of prices) {
        const before = effectiveStop(protection, which).price;
        protection = handedOver({ ...position, protection });
        protection = onPrice(protection, which, each).protection;
        const after = effectiveStop(protection, which).price;
        expect(which === 'LONG' ? after >= before : after <= before).toBe(true);
      }
    }),
  );
});
