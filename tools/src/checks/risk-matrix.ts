/** How much a risk asks of the desk, by its score. */
export type RiskLevel = 'critical' | 'high' | 'medium' | 'low' | 'minimal';

/** One thing that can go wrong (04, section 14). */
export type Risk = {
  readonly id: string;
  readonly what: string;
  /** Both from 1, hardly ever or hardly felt, to 5. */
  readonly probability: number;
  readonly impact: number;
  /** Requirements whose tests answer it. */
  readonly answers: readonly string[];
};

type Odds = readonly [probability: number, impact: number];

const risk = (
  [id, what]: readonly [string, string],
  [probability, impact]: Odds,
  answers: readonly string[],
): Risk => ({ id, what, probability, impact, answers });

/** The risks of the desk. That critical and high ones are answered by tests is gate G16 (RSK-111). */
export const RISKS: readonly Risk[] = [
  risk(
    ['R1', 'venue API down'],
    [4, 5],
    ['RSK-85', 'RSK-86', 'RSK-87', 'RSK-88', 'RSK-89', 'EXE-24', 'EXE-T06'],
  ),
  risk(
    ['R2', 'runaway strategy'],
    [3, 5],
    ['RSK-64', 'RSK-65', 'RSK-66', 'RSK-67', 'STR-37', 'RSK-90'],
  ),
  risk(
    ['R3', 'stream disconnect'],
    [4, 4],
    [
      'MD-20',
      'MD-21',
      'MD-22',
      'MD-23',
      'MD-24',
      'MD-25',
      'MD-26',
      'MD-60',
      'MD-61',
      'MD-62',
      'MD-63',
      'MD-64',
      'MD-65',
      'MD-66',
    ],
  ),
  risk(['R4', 'position desync'], [3, 5], ['EXE-49', 'EXE-50', 'EXE-51', 'EXE-53', 'EXE-60']),
  risk(['R5', 'memory leak'], [3, 4], ['STR-40']),
  risk(['R6', 'liquidation through lag'], [2, 5], ['RSK-103', 'RSK-104', 'PF-46']),
  risk(['R7', 'storage full'], [2, 4], []),
  risk(['R8', 'indicator bug'], [2, 4], []),
  risk(['R9', 'high slippage'], [4, 3], ['RSK-100', 'RSK-101']),
  risk(['R10', 'state-machine bug'], [2, 4], ['EXE-10', 'EXE-14']),
  risk(['R11', 'event loss'], [2, 5], ['ARC-52', 'ARC-54', 'ARC-55', 'EXE-01']),
  risk(['R12', 'daily loss exceeded'], [3, 4], ['RSK-80', 'RSK-81', 'RSK-82']),
  risk(['R13', 'bad deployment'], [2, 4], []),
  risk(['R14', 'migration failure'], [2, 5], []),
  risk(['R15', 'network partition'], [1, 5], ['EXE-62', 'EXE-T15']),
  risk(['R16', 'rate limit hit'], [3, 3], ['EXE-90', 'EXE-91', 'EXE-92']),
  risk(['R17', 'wrong configuration'], [3, 3], ['RSK-120']),
  risk(['R18', 'concurrency bug'], [2, 4], ['EXE-07', 'EXE-T02']),
  risk(['R19', 'time-zone bug'], [2, 2], []),
  risk(['R20', 'log volume full'], [2, 3], []),
];

/** From 1 to 25. */
export const scoreOf = ({ probability, impact }: Pick<Risk, 'probability' | 'impact'>): number =>
  probability * impact;

/** Least score of each level, highest first. */
const FROM: readonly (readonly [number, RiskLevel])[] = [
  [20, 'critical'],
  [15, 'high'],
  [10, 'medium'],
  [5, 'low'],
];

/** A level is reckoned from probability and impact, and is never written beside them (RSK-110). */
export const levelOf = (one: Pick<Risk, 'probability' | 'impact'>): RiskLevel =>
  FROM.find(([least]) => scoreOf(one) >= least)?.[1] ?? 'minimal';
