import type { CommandReply } from '@tradewind/contracts/callables';

/** A reply that says why nothing was done; `message` is for people, with what to do. */
export const refuse = (code: string, message: string): CommandReply => ({
  ok: false,
  code,
  message,
});
