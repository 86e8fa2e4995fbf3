import { Listr } from 'listr2';
import color from 'picocolors';

/** Shows one piece of work while it runs; what it is doing just now goes to `note`. */
export type Steps = <T>(
  title: string,
  body: (note: (text: string) => void) => Promise<T>,
) => Promise<T>;

/** A spinner for each step; for people. */
export const spinningSteps: Steps = async (title, body) => {
  let outcome: { readonly value: Awaited<ReturnType<typeof body>> } | undefined;
  const list = new Listr(
    [
      {
        title,
        task: async (_, task) => {
          outcome = {
            value: await body((text) => {
              task.output = text;
            }),
          };
        },
      },
    ],
    { rendererOptions: { showErrorMessage: false }, registerSignalListeners: false },
  );
  await list.run();
  if (outcome === undefined) throw new Error('Invariant: a step that ended has a value');
  return outcome.value;
};

/** One line when a step has ended, on `stream`; for logs and `--json`. */
export const plainSteps =
  (stream: NodeJS.WritableStream): Steps =>
  async (title, body) => {
    const start = Date.now();
    const value = await body(() => undefined);
    stream.write(
      `${color.green('✔')} ${title} ${color.dim(`${((Date.now() - start) / 1000).toFixed(1)} s`)}\n`,
    );
    return value;
  };
