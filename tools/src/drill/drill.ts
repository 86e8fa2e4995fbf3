/** What a drill has to work with. */
export type DrillContext = {
  readonly root: string;
  /** Tells the person what happens. */
  readonly say: (text: string) => void;
};

/** What a drill found: `docs/figures.md`. */
export type DrillReport = {
  /** Everything that the drill asks for held. */
  readonly ok: boolean;
  /** What did not hold, in words; empty when `ok`. */
  readonly faults: readonly string[];
  /** What was measured, by name. */
  readonly measured: Readonly<Record<string, unknown>>;
};

/** One drill: the whole desk in trouble, and whether it came through as promised. */
export type Drill = {
  readonly about: string;
  readonly run: (context: DrillContext) => Promise<DrillReport>;
};

/** A report of `measured` in which `claims` are what has to hold, each with its words for when it does not. */
export function reportOf(
  measured: DrillReport['measured'],
  claims: readonly (readonly [held: boolean, otherwise: string])[],
): DrillReport {
  const faults = claims.filter(([held]) => !held).map(([, otherwise]) => otherwise);
  return { ok: faults.length === 0, faults, measured };
}
