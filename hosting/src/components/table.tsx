import type { ReactNode } from 'react';
import styles from './table.module.css';

/** A column; `medium` hides it on phones, `wide` on tablets too. */
export type Column = {
  readonly name: string;
  readonly hidden?: boolean;
  readonly number?: boolean;
  readonly from?: 'medium' | 'wide';
};

/** Class of a cell in a column. */
export const cellClass = ({ number, from }: Omit<Column, 'name'>): string =>
  [number === true ? styles['number'] : '', from === undefined ? '' : styles[from]]
    .join(' ')
    .trim();

/** Table that scrolls sideways inside its panel, also by keyboard. */
export function Table({
  label,
  columns,
  children,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly children: ReactNode;
}) {
  return (
    <div className={styles['box']}>
      <div className={styles['scroll']} tabIndex={0} role="region" aria-label={`${label} table`}>
        <table className={styles['table']} aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" className={cellClass(column)}>
                  {column.hidden === true ? (
                    <span className="visually-hidden">{column.name}</span>
                  ) : (
                    column.name
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </div>
  );
}
