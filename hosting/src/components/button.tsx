import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { classes } from './classes.ts';

type ButtonProps = ComponentProps<'button'> & {
  readonly variant?: 'primary' | 'danger' | 'ghost';
  readonly small?: boolean;
  readonly icon?: boolean;
};

export function Button({ variant, small, icon, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(
        styles['button'],
        variant !== undefined && styles[variant],
        small === true && styles['small'],
        icon === true && styles['icon'],
        className,
      )}
    />
  );
}
