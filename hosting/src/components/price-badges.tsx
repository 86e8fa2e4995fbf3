import type { PriceMark } from '../lib/price-marks.ts';
import { Badge } from './badge.tsx';

/** Marks of a price as badges; the consequence is in the tooltip. */
export function PriceBadges({ marks }: { readonly marks: readonly PriceMark[] }) {
  return marks.map(({ kind, word, title }) => (
    <Badge key={kind} tone="warning" title={title}>
      {word}
    </Badge>
  ));
}
