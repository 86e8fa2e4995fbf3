import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';

/** Modal dialog: traps focus, closes on Escape unless `locked`, names itself. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  locked,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description: ReactNode;
  readonly locked?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Radix.Root
      open={open}
      onOpenChange={(next) => {
        if (!next && locked !== true) onClose();
      }}
    >
      <Radix.Portal>
        <Radix.Overlay className={styles['overlay']} />
        <Radix.Content className={styles['content']}>
          <Radix.Title className={styles['title']}>{title}</Radix.Title>
          <Radix.Description asChild>
            <div className={styles['description']}>{description}</div>
          </Radix.Description>
          {children}
          {locked !== true && (
            <Radix.Close asChild>
              <Button variant="ghost" icon className={styles['close']} aria-label="Close dialog">
                <X size={16} aria-hidden />
              </Button>
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles['actions']}>{children}</div>;
}
