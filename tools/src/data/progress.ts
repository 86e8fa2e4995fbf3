import { Presets, SingleBar } from 'cli-progress';
import { count, length } from './show.ts';

export type Progress = {
  /** Time covered so far in milliseconds, and rows stored. */
  readonly at: (done: number, rows: number) => void;
  /** A line above the bar. */
  readonly say: (words: string) => void;
  readonly stop: () => void;
};

/** A bar on stderr where a person watches it; elsewhere only what is said. */
export function startProgress(title: string, total: number): Progress {
  const say = (words: string): void => {
    process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${words}\n`);
  };
  if (!process.stderr.isTTY || total <= 0)
    return { at: () => undefined, say, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% | {rows} rows | {left} of history left | ETA {eta_formatted}`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { rows: '0', left: length(total) });
  return {
    at: (done, rows) => {
      bar.update(Math.min(done, total), {
        rows: count(rows),
        left: length(Math.max(0, total - done)),
      });
    },
    say,
    stop: () => {
      bar.stop();
    },
  };
}
