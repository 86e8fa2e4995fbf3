import type { CommandReply } from '@tradewind/contracts/callables';
import type { Fault } from '@tradewind/strategies/check';

/** A reply with every fault: in one sentence, and field by field. */
export const refuseFaults = (subject: string, faults: readonly Fault[]): CommandReply => ({
  ok: false,
  code: 'invalid',
  message: `${subject} is not usable. ${faults.map(({ field, fault }) => `${field}: ${fault}`).join('; ')}`,
  items: faults.map(({ field, fault }) => ({ item: field, result: fault, ok: false })),
});
