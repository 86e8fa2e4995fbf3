/** What a market's trade stream has carried, to be counted at both ends. */
export type StreamCount = {
  /** Trades printed on the tape while anybody listened or not. */
  generated: number;
  lastId: number;
  /** Frames with a trade that went to a socket: of two listeners each trade counts twice. */
  sent: number;
  lastSentId: number;
  repeated: number;
  rubbish: number;
  lost: number;
};

/** Counts per market since the start, or since they were last cleared. */
export function createCounters() {
  const counts = new Map<string, StreamCount>();
  return {
    of: (symbol: string): StreamCount => {
      let count = counts.get(symbol);
      if (count === undefined) {
        count = {
          generated: 0,
          lastId: 0,
          sent: 0,
          lastSentId: 0,
          repeated: 0,
          rubbish: 0,
          lost: 0,
        };
        counts.set(symbol, count);
      }
      return count;
    },
    report: (): Readonly<Record<string, StreamCount>> => Object.fromEntries(counts),
  };
}
