import * as z from 'zod';

/** Misbehaviours that `POST /admin/faults` can order. `…After` ones happen once the request was processed. */
export const FAULT_KINDS = [
  '5xx',
  '5xxAfter',
  '429',
  '418',
  'html',
  'empty',
  'rubbish',
  'slow',
  'timeoutBefore',
  'timeoutAfter',
  'disconnectBefore',
  'disconnectAfter',
  'bodyStall',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultRequest = z.strictObject({
  match: z
    .strictObject({
      method: z.enum(['GET', 'POST', 'DELETE', 'PUT']).optional(),
      /** Whole path, or its beginning followed by `*`. */
      path: z.string().startsWith('/').optional(),
    })
    .default({}),
  kind: z.enum(FAULT_KINDS),
  /** How many requests it hits; `null` is all until faults are deleted. */
  count: z.int().positive().nullable().default(1),
  /** How long `slow` waits, and what `Retry-After` says. */
  delayMs: z.int().nonnegative().default(1_000),
  /** HTTP status of `5xx`. */
  status: z.int().min(500).max(599).default(503),
});
export type FaultRequest = z.infer<typeof faultRequest>;
export type Fault = FaultRequest & { readonly id: number; readonly hits: number };

/** The faults that are on order. The first that matches a request is used up by it. */
export function createFaults() {
  let faults: Fault[] = [];
  let nextId = 1;
  const matches = ({ match }: Fault, method: string, path: string): boolean => {
    const wanted = match.path;
    const samePath =
      wanted === undefined ||
      (wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted);
    return samePath && (match.method === undefined || match.method === method);
  };
  return {
    add: (request: FaultRequest): Fault => {
      const fault = { ...request, id: nextId++, hits: 0 };
      faults.push(fault);
      return fault;
    },
    clear: () => {
      faults = [];
    },
    all: (): readonly Fault[] => faults,
    take: (method: string, path: string): Fault | undefined => {
      const index = faults.findIndex(
        (fault) => (fault.count ?? Infinity) > fault.hits && matches(fault, method, path),
      );
      const fault = faults[index];
      if (fault === undefined) return undefined;
      faults[index] = { ...fault, hits: fault.hits + 1 };
      return fault;
    },
  };
}
export type Faults = ReturnType<typeof createFaults>;
