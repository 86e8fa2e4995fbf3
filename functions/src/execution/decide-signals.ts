import { onDocumentCreated } from 'firebase-functions/v2/firestore';
import { ports } from '../composition.ts';
import { base } from '../options.ts';
import { delivered } from '../delivery/delivered.ts';
import { handleDecideSignals } from './handle-decide-signals.ts';

/** A new signal wakes the one gate runner of its book (04, preamble). */
export const decideSignals = onDocumentCreated(
  { ...base, document: 'books/{bookId}/signals/{signalId}', retry: true },
  ({ params, time }) =>
    delivered('signals', time, async () => {
      await handleDecideSignals(await ports(), params);
    }),
);
