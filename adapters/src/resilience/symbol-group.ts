/** The breaker group of a symbol that the venue does not take orders in. */
export const symbolGroup = (symbol: string): string => `symbol-${symbol}`;
