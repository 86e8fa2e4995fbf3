import type { SubmitOutcome, Venue } from '../venue/venue.ts';

const REFUSED: SubmitOutcome = {
  kind: 'rejected',
  error: {
    code: 'ReduceOnly',
    severity: 'HIGH',
    retryable: false,
    message: 'the guardian may only make positions smaller',
    retryAfterMs: null,
  },
};

/** An account through which nothing can be opened or enlarged, whatever is asked of it: the guardian's. */
export const reduceOnly = (venue: Venue): Venue => ({
  ...venue,
  submit: (order, withinMs) =>
    order.reduceOnly === true ? venue.submit(order, withinMs) : Promise.resolve(REFUSED),
});
