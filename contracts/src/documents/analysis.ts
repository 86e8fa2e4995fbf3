import * as z from 'zod';

const figure = z.number().nullable();
const costs = {
  price: figure,
  feeQuote: figure,
  slippagePct: figure,
  latencyMs: figure,
  sizeQuote: figure,
};

/** What was expected of an order before it left (PF-17); quote and percent, `null` = not known. */
export const expectedRecord = z.strictObject({
  ...costs,
  riskToStop: figure,
  breakEvenPct: figure,
  limitUsed: z.strictObject({ check: z.string(), pct: z.number() }).nullable(),
});

/** An order that has ended: what was expected, what it came to, and what was more than 20 % off (PF-17). */
export const analysisRecord = z.strictObject({
  expected: expectedRecord,
  actual: z.strictObject(costs),
  deviations: z
    .array(
      z.strictObject({
        field: z.enum(['price', 'feeQuote', 'slippagePct', 'latencyMs', 'sizeQuote']),
        expected: z.number(),
        actual: z.number(),
        offPct: z.number(),
        rule: z.string(),
      }),
    )
    .readonly(),
});
