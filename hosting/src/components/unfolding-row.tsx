import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type ComponentProps, type ReactNode } from 'react';
import { Button } from './button.tsx';
import table from './table.module.css';

/** A row of a table whose first cell unfolds what more there is to it. */
export function UnfoldingRow({
  label,
  columns,
  detail,
  children,
  ...row
}: ComponentProps<'tr'> & {
  /** What the button shows, for who does not see it. */
  readonly label: string;
  /** Of the table, the button's own among them. */
  readonly columns: number;
  /** Drawn while the row is unfolded, so that its listeners live only then. */
  readonly detail: () => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      <tr {...row}>
        <td>
          <Button
            variant="ghost"
            small
            icon
            aria-expanded={open}
            aria-label={label}
            onClick={() => {
              setOpen(!open);
            }}
          >
            <Chevron size={15} aria-hidden />
          </Button>
        </td>
        {children}
      </tr>
      {open && (
        <tr className={table['detail']}>
          <td colSpan={columns}>{detail()}</td>
        </tr>
      )}
    </>
  );
}
