import { callables, type CallableName } from '@tradewind/contracts/callables';
import type { Role } from '@tradewind/contracts/documents/system';

const rank: Readonly<Record<Role, number>> = { viewer: 0, trader: 1, admin: 2 };

/** Whether `role` may call a command. The server decides; this hides what it would refuse (UI-05). */
export const may = (role: Role | null, command: CallableName): boolean =>
  role !== null && rank[role] >= rank[callables[command].role];
