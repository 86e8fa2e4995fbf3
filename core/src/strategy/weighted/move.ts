import type { Action, Direction } from '../decision.ts';

/** What a bot does in its market, and on which side. */
export type Move = {
  readonly action: Extract<Action, 'ENTER' | 'EXIT'>;
  readonly direction: Direction;
};

/**
 * What following a wish to buy or to sell is: it leaves what is held on the other side, else it enters. A bot that may
 * not sell short (STR-21) can only leave by selling, held or not.
 */
export function moveOf(
  wish: 'BUY' | 'SELL',
  {
    held,
    allowShort = false,
  }: { readonly held: Direction | null; readonly allowShort?: boolean | undefined },
): Move {
  const side = wish === 'BUY' ? 'LONG' : 'SHORT';
  if (held !== null && held !== side) return { action: 'EXIT', direction: held };
  const isShort = side === 'SHORT' && held === null && !allowShort;
  return isShort ? { action: 'EXIT', direction: 'LONG' } : { action: 'ENTER', direction: side };
}
