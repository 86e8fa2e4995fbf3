import * as z from 'zod';
import { configurationChoice } from '../configurations/configuration.ts';

/** Points; a weight of 0 switches a plug-in's points off, not the plug-in (STR-67). */
const weight = z.number().min(0).max(100);
const percentage = z.number().min(0).max(100);

/** Analysers that all have to agree (STR-60). They are conditions first: points only when weighed. */
const analyser = z.discriminatedUnion('id', [
  z.strictObject({
    id: z.literal('order_flow'),
    weight: weight.default(0),
    /** Bought by sold volume of the last minute; SELL from its inverse down (IND-51). */
    ratio: z.number().gt(1).max(100).default(2.5),
  }),
  z.strictObject({ id: z.literal('microstructure'), weight: weight.default(0) }),
]);
export type Analyser = z.infer<typeof analyser>;

/** Filters that add points, with the limits of STR-61 as defaults. */
const filter = z.discriminatedUnion('id', [
  z.strictObject({
    id: z.literal('market_profile'),
    weight: weight.default(1.5),
    /** How near the edge of the value area, in percent of its width. */
    edgePct: percentage.default(5),
  }),
  z.strictObject({
    id: z.literal('mean_reversion'),
    weight: weight.default(1.5),
    fullSigma: z.number().positive().max(10).default(2),
    partialSigma: z.number().positive().max(10).default(1),
  }),
  z.strictObject({
    id: z.literal('autocorrelation'),
    weight: weight.default(1),
    /** Bars that it is taken over (IND-21). */
    bars: z.int().min(10).max(1_000).default(60),
    persistent: z.number().min(0).max(1).default(0.6),
    reverting: z.number().min(-1).max(0).default(-0.3),
    /** `draft` asks for a strong or a weak correlation, whatever the direction (STR-63). */
    mode: z.enum(['directed', 'draft']).default('directed'),
  }),
  z.strictObject({
    id: z.literal('entry_zone'),
    weight: weight.default(2),
    nearPct: percentage.default(0.5),
    maxTouches: z.int().nonnegative().max(100).default(2),
  }),
  z.strictObject({ id: z.literal('target_zone'), weight: weight.default(0.5) }),
  z.strictObject({
    id: z.literal('fvg'),
    weight: weight.default(1.5),
    beyondPct: percentage.default(0.25),
    aheadPct: percentage.default(1),
    /** `magnet` rewards only gaps ahead, as the draft did (STR-63). */
    mode: z.enum(['own', 'magnet']).default('own'),
  }),
]);
export type Filter = z.infer<typeof filter>;
export type FilterOf<I extends Filter['id']> = Extract<Filter, { id: I }>;

/** Every plug-in once. */
const isUnique = (plugins: readonly { readonly id: string }[]): boolean =>
  new Set(plugins.map(({ id }) => id)).size === plugins.length;
const UNIQUE = { error: 'each plug-in may stand in the list once' };

/** Least score with real money (STR-64). */
export const LIVE_MIN_SCORE = 5;

export const confluenceFields = {
  /** Of zones, gaps, profile, mean reversion and autocorrelation; the flow is that of the last minute. */
  timeframe: z.enum(['1m', '5m', '15m', '1h']).default('5m'),
  analysers: z
    .array(analyser)
    .min(1)
    .refine(isUnique, UNIQUE)
    .prefault([{ id: 'order_flow' }, { id: 'microstructure' }]),
  filters: z
    .array(filter)
    .min(1)
    .refine(isUnique, UNIQUE)
    .prefault([
      { id: 'market_profile' },
      { id: 'mean_reversion' },
      { id: 'autocorrelation' },
      { id: 'entry_zone' },
      { id: 'target_zone' },
      { id: 'fvg' },
    ]),
  /** Points from which it trades (STR-64): 5 with real money, 3 in paper. */
  minScore: z.number().min(0).max(100).default(LIVE_MIN_SCORE),
  /** Points from which a setup is called so (STR-64). */
  probability: z
    .strictObject({
      high: z.number().min(0).default(7),
      medium: z.number().min(0).default(5),
      low: z.number().min(0).default(3),
    })
    .prefault({}),
};

/** What the confluence engine decides by. */
export const confluenceParams = z.strictObject({
  ...confluenceFields,
  /** Stop band, target and holding time; `null` = the zone's edge, and the document's percentages. */
  configuration: configurationChoice.nullable().default(null),
});
export type ConfluenceParams = z.infer<typeof confluenceParams>;

export const confluenceLiveFaults = ({
  minScore,
}: Pick<ConfluenceParams, 'minScore'>): readonly string[] =>
  minScore >= LIVE_MIN_SCORE
    ? []
    : [`minScore: real money asks for ${LIVE_MIN_SCORE} points at least, not ${minScore}`];
