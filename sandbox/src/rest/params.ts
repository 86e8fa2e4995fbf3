import type { Result } from '@tradewind/core/lib/result';
import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { errors, type ApiError } from './errors.ts';

export type Params = Readonly<Record<string, string>>;

/**
 * Reads parameters one after the other and remembers the first fault, as the venue reports only one.
 *
 * A reading that failed gives a harmless value: look at `error()` before any is used.
 */
export function readerOf(params: Params) {
  let first: ApiError | undefined;
  const fail = (error: ApiError): void => {
    first ??= error;
  };
  const optional = (name: string): string | undefined => {
    const text = params[name];
    if (text === '') fail(errors.mandatory(name));
    return text === '' ? undefined : text;
  };
  const required = (name: string): string => {
    const text = optional(name);
    if (text === undefined) fail(errors.mandatory(name));
    return text ?? '';
  };
  const integer = (name: string): number | undefined => {
    const text = optional(name);
    if (text === undefined) return undefined;
    if (!/^[0-9]{1,15}$/.test(text)) fail(errors.illegal(name, '^[0-9]{1,20}$'));
    return Number(text);
  };
  return {
    error: () => first,
    fail,
    optional,
    required,
    integer,
    /** Text of a fixed set. */
    oneOf: <T extends string>(name: string, allowed: readonly T[], error: ApiError) => {
      const text = optional(name);
      const found = allowed.find((value) => value === text);
      if (text !== undefined && found === undefined) fail(error);
      return found;
    },
    /** A decimal; refuses more than 8 decimals and anything but digits. */
    decimal: <T>(name: string, parse: (text: string) => Result<T, string>): T | null => {
      const text = optional(name);
      if (text === undefined) return null;
      const pattern = '^([0-9]{1,20})(\\.[0-9]{1,20})?$';
      if (!new RegExp(pattern).test(text)) {
        fail(errors.illegal(name, pattern));
        return null;
      }
      if ((text.split('.')[1] ?? '').replace(/0+$/, '').length > 8) fail(errors.precision(name));
      const parsed = parse(text);
      if (parsed.ok) return parsed.value;
      fail(errors.mandatory(name));
      return null;
    },
    time: (name: string): EpochMs | undefined => {
      const ms = integer(name);
      return ms === undefined || !Number.isSafeInteger(ms) ? undefined : epochMs(ms);
    },
    /** How many to answer with. */
    limit: (fallback: number, most: number): number => {
      const wanted = integer('limit') ?? fallback;
      return Math.max(1, Math.min(most, wanted));
    },
  };
}
export type Reader = ReturnType<typeof readerOf>;
