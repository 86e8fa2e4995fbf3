import { useState, type SyntheticEvent } from 'react';
import { Button } from '../../components/button.tsx';
import { useDesk } from '../../lib/desk-context.tsx';
import styles from './sign-in.module.css';

/** E-mail and password; what goes wrong is said in words. */
export function SignInForm({ email: known }: { readonly email?: string }) {
  const { ports } = useDesk();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: string | null }>({
    busy: false,
    error: null,
  });
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    setState({ busy: true, error: null });
    const signed = await ports.signIn(email.trim(), password);
    setState({ busy: false, error: signed.ok ? null : signed.error });
  };
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        void submit(event);
      }}
    >
      <label className={styles['field']}>
        E-mail
        <input
          className={styles['input']}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => {
            setEmail(event.target.value);
          }}
        />
      </label>
      <label className={styles['field']}>
        Password
        <input
          className={styles['input']}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => {
            setPassword(event.target.value);
          }}
        />
      </label>
      {state.error !== null && (
        <p className={styles['error']} role="alert">
          {state.error}
        </p>
      )}
      <Button type="submit" variant="primary" className={styles['submit']} disabled={state.busy}>
        {state.busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
