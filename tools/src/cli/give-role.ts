import { role as roleSchema, userDoc } from '@tradewind/contracts/documents/system';
import { paths } from '@tradewind/contracts/paths';
import { epochMs } from '@tradewind/core/lib/time';
import type { UserRecord } from 'firebase-admin/auth';
import { Fault, messageOf } from '../lib/fault.ts';
import type { Answer } from './answer.ts';
import { connect, type Target } from './connect.ts';

/** Sets the role claim of the user with `email`, and the role that their profile shows (ARC-60). */
export async function giveRole(target: Target, email: string, text: string): Promise<Answer> {
  const role = roleSchema.safeParse(text);
  if (!role.success)
    throw new Fault(`"${text}" is not a role: give ${roleSchema.options.join(', ')}.`);
  const { auth, store } = await connect(target);
  const user: UserRecord = await auth.getUserByEmail(email).catch((error: unknown) => {
    throw new Fault(
      `There is no user ${email} (${messageOf(error)}).\nThey sign up first, then get a role.`,
    );
  });
  await auth.setCustomUserClaims(user.uid, { ...user.customClaims, role: role.data });
  const known = await store.get(paths.user(user.uid), userDoc);
  await store.set(paths.user(user.uid), userDoc, {
    email,
    preferences: known?.preferences ?? {},
    createdAt: known?.createdAt ?? epochMs(Date.now()),
    role: role.data,
  });
  return {
    ok: true,
    text: `${email} is now ${role.data}. It counts from their next sign-in, or within the hour.`,
    data: { email, role: role.data, uid: user.uid },
  };
}
