import type { PositionDoc } from '@tradewind/contracts/documents/book';
import type { Price } from '@tradewind/core/lib/units';
import { readPrices } from '../market/read-prices.ts';
import type { ExecutionPorts } from './ports.ts';

/** The last known price, however old: an exit does not wait for data (RSK-02). */
export async function lastPrice(
  { store }: Pick<ExecutionPorts, 'store'>,
  { marketKey, averageEntry }: Pick<PositionDoc, 'marketKey' | 'averageEntry'>,
): Promise<Price> {
  const prices = await readPrices(store);
  return prices.get(marketKey)?.price ?? averageEntry;
}
