import { epochMs, type EpochMs } from '@tradewind/core/lib/time';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { answer, jsonOption, offsetOption, projectOption, type Json } from '../cli/command.ts';

type ReplayOptions = Json & {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly bot?: string;
  readonly project?: string;
  readonly portOffset: number;
};

/** A day or a time in UTC. */
function parseTime(text: string): EpochMs {
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text;
  const at = /(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? Date.parse(iso) : Number.NaN;
  if (!(at >= 0))
    throw new InvalidArgumentError(
      'Give a day or a time with its zone: 2026-11-28 or 2026-11-28T14:00Z.',
    );
  return epochMs(at);
}

/** `tw replay BOOK`: what was decided, decided again. */
export function registerReplay(program: Command, { root }: { readonly root: string }): void {
  program
    .command('replay <book>')
    .description('decide again what a book decided, and say which decisions come out otherwise')
    .addOption(
      new Option('--from <time>', 'market time, whole hours')
        .argParser(parseTime)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--to <time>', 'until then').argParser(parseTime).makeOptionMandatory())
    .option('--bot <id>', 'only this bot or strategy')
    .addOption(projectOption())
    .addOption(offsetOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExits with 1 when there are differences; docs/parity.md says what each cause means.\n\nExamples:\n  npm run tw -- replay paper --from 2026-11-28 --to 2026-11-29\n  npm run tw -- replay paper --from 2026-11-28T14:00Z --to 2026-11-28T16:00Z --bot trend --json',
    )
    .action((book: string, options: ReplayOptions) =>
      answer(options, async () =>
        (await import('./replay.ts')).replay(options, { ...options, bookId: book, root }),
      ),
    );
}
