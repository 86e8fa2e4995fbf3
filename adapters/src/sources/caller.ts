import type { Result } from '@tradewind/core/lib/result';
import type { EpochMs } from '@tradewind/core/lib/time';
import { wallNow as machineNow } from '../clock/clock.ts';
import { createBudget, type Allowance } from './budget.ts';
import { createHttp, failed } from './http.ts';
import type { Answer, SourceConfig, SourceError } from './source.ts';

const DEADLINE_MS = 10_000;
/** Answers that are remembered; the oldest go first. */
const REMEMBERED = 500;

/** Ages that an answer may have (MD-84). */
export const FRESH_MS = { price: 10_000, history: 15 * 60_000, news: 5 * 60_000 } as const;

/**
 * Calls of one source within its budget. An answer that is still fresh is given again; questions that
 * are asked at once are asked once.
 */
export function createCaller(
  config: SourceConfig & {
    readonly baseUrl: string;
    readonly allowance: Allowance;
    readonly disabled: string | null;
  },
) {
  const { wallNow: now = machineNow, disabled } = config;
  const http = createHttp({ ...config, deadlineMs: config.deadlineMs ?? DEADLINE_MS });
  const budget = createBudget(config.allowance, now);
  const answers = new Map<string, { readonly at: EpochMs; readonly answer: Answer<unknown> }>();

  const ask = async (
    path: string,
    query: Readonly<Record<string, string>>,
  ): Promise<Result<unknown, SourceError>> => {
    const taken = budget.take();
    return taken.ok ? http.getJson(path, query) : taken;
  };
  return {
    now,
    /** @param read Makes of the raw answer what is remembered under `key`. */
    call: async <T>(
      question: {
        readonly key: string;
        readonly freshMs: number;
        readonly path: string;
        readonly query: Readonly<Record<string, string>>;
      },
      read: (answer: unknown) => Result<T, SourceError>,
    ): Answer<T> => {
      if (disabled !== null) return failed('disabled', disabled);
      const { key, freshMs } = question;
      const known = answers.get(key);
      const age = known === undefined ? Infinity : now() - known.at;
      // The same key is always read to the same type.
      if (known !== undefined && age >= 0 && age < freshMs) return known.answer as Answer<T>;
      const answer = ask(question.path, question.query).then((raw) =>
        raw.ok ? read(raw.value) : raw,
      );
      answers.delete(key);
      answers.set(key, { at: now(), answer });
      const [oldest] = answers.keys();
      if (answers.size > REMEMBERED && oldest !== undefined) answers.delete(oldest);
      const result = await answer;
      // A failure is not an answer to remember.
      if (!result.ok && answers.get(key)?.answer === answer) answers.delete(key);
      return result;
    },
  };
}
export type Caller = ReturnType<typeof createCaller>;
