/** What a command has to say: in words, and as data for `--json`. */
export type Answer = {
  readonly ok: boolean;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
};
