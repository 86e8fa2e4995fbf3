import type { ExecutionPorts } from '@tradewind/adapters/execution/ports';
import type { CallableName, CommandReply } from '@tradewind/contracts/callables';
import { HttpsError, onCall, type CallableFunction } from 'firebase-functions/v2/https';
import { ports } from '../composition.ts';
import { base, inEmulator, trading } from '../options.ts';
import { metered } from '../usage.ts';
import { handleCallable, type Actor, type Command } from './handle-callable.ts';

/** A command and what it may use. */
type Handler<N extends CallableName> = (
  request: Command<N>,
  context: { readonly ports: ExecutionPorts; readonly actor: Actor },
) => Promise<CommandReply>;

/**
 * A callable of the contract: `name` gives its least role and its request schema.
 *
 * Refusals reach the client with the callable protocol's code, a sentence, and for a malformed
 * request each field's fault as `details`. App Check is enforced but in the emulator.
 *
 * @param options.trades - binds the venue's keys; without it `venueOf` cannot sign.
 */
export function defineCallable<N extends CallableName>(
  name: N,
  handler: Handler<N>,
  options: { readonly trades?: boolean } = {},
): CallableFunction<unknown, Promise<CommandReply>> {
  const settings = options.trades === true ? trading : base;
  return onCall({ ...settings, enforceAppCheck: !inEmulator }, ({ auth, data }) =>
    metered(async () => {
      const context = await ports();
      const caller =
        auth === undefined
          ? undefined
          : { uid: auth.uid, email: auth.token.email, role: auth.token['role'] as unknown };
      const result = await handleCallable(
        { name, caller, data },
        (request, actor) => handler(request, { ports: context, actor }),
        { store: context.store, log: context.log, wallNow: context.clock.wallNow },
      );
      if (result.ok) return result.value;
      const { code, message, faults } = result.error;
      throw new HttpsError(code, message, faults);
    }),
  );
}
