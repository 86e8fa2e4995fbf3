import styles from './field.module.css';

/** The least that a command takes for a reason, and the most. */
const [MIN_REASON, MAX_REASON] = [10, 500];

export const isReason = (text: string): boolean => text.trim().length >= MIN_REASON;

/** Asks for a reason, which the server keeps with the command. */
export function ReasonField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  return (
    <label className={styles['field']}>
      {label} (at least {MIN_REASON} characters)
      <textarea
        className={styles['input']}
        rows={3}
        maxLength={MAX_REASON}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </label>
  );
}
