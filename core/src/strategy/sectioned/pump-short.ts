/**
 * Reference template (STR-41): sells a pump short once it is strong, and leaves it when it dumps.
 *
 * Shipped disabled: a person has to read it, name markets that can be sold short, and start it. `execution` is
 * for the document that is made of it; of a margin nothing is known to conditions, so that E1 looks at the move
 * against the position alone.
 */
export const PUMP_SHORT = {
  name: 'pump-short',
  enabled: false,
  strategyId: 'five-section',
  execution: { orderType: 'market', slippageLimitPct: 0.5 },
  params: {
    timeframe: '1m',
    direction: 'SHORT',
    S1: {
      conditions: [
        { id: 'pump', condition: 'pump_magnitude_pct', operator: 'gte', value: 8 },
        { id: 'surge', condition: 'volume_surge_ratio', operator: 'gte', value: 3 },
        { id: 'momentum', condition: 'price_momentum', operator: 'gte', value: 5 },
      ],
    },
    O1: {
      logic: 'any',
      conditions: [
        { id: 'faded', condition: 'pump_magnitude_pct', operator: 'lt', value: 4 },
        { id: 'spread', condition: 'spread_pct', operator: 'gt', value: 2 },
      ],
    },
    Z1: {
      conditions: [
        { id: 'pump', condition: 'pump_magnitude_pct', operator: 'gte', value: 8 },
        { id: 'surge', condition: 'volume_surge_ratio', operator: 'gte', value: 3 },
        { id: 'momentum', condition: 'price_momentum', operator: 'gte', value: 5 },
        { id: 'rsi', condition: 'rsi', operator: 'between', value: 40, value2: 80 },
        { id: 'spread', condition: 'spread_pct', operator: 'lte', value: 1 },
      ],
    },
    ZE1: {
      logic: 'any',
      conditions: [
        { id: 'dump', condition: 'DUMP_MAGNITUDE_300_0', operator: 'gte', value: 6 },
        { id: 'target', condition: 'profit_pct', operator: 'gte', value: 5 },
      ],
    },
    E1: {
      logic: 'any',
      conditions: [{ id: 'adverse', condition: 'profit_pct', operator: 'lte', value: -3 }],
    },
  },
} as const;
