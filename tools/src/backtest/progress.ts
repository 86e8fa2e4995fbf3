import { Presets, SingleBar } from 'cli-progress';
import { count } from '../data/show.ts';

export type BarProgress = {
  readonly at: (done: number, total: number) => void;
  readonly stop: () => void;
};

/** A bar on stderr where a person watches it. The cursor stays, so that Ctrl-C at any moment leaves nothing to mend. */
export function startBars(title: string): BarProgress {
  if (!process.stderr.isTTY) return { at: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}% | {shown} bars | ETA {eta_formatted}`,
      stream: process.stderr,
      hideCursor: false,
      clearOnComplete: true,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { shown: '0' });
  return {
    at: (done, total) => {
      bar.setTotal(total);
      bar.update(done, { shown: `${count(done)} of ${count(total)}` });
    },
    stop: () => {
      bar.stop();
    },
  };
}
