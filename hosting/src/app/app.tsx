import { bookDoc, type BookDoc } from '@tradewind/contracts/documents/book';
import type { Role } from '@tradewind/contracts/documents/system';
import { unreachable } from '@tradewind/core/lib/result';
import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { PanelBoundary } from '../components/panel-boundary.tsx';
import { Segmented } from '../components/segmented.tsx';
import {
  ExpiredDialog,
  GatePage,
  NoRolePage,
  SignInPage,
} from '../features/sign-in/gate-pages.tsx';
import { useDesk } from '../lib/desk-context.tsx';
import { targets } from '@tradewind/contracts/watch-targets';
import { useLoaded } from '../lib/use-loaded.ts';
import { usePresence } from '../lib/use-presence.ts';
import { useSession, type SessionControl } from '../lib/use-session.ts';
import { BookDesk } from './book-desk.tsx';
import styles from './layout.module.css';

/** The book that opens first: a running one before others, in order of id. */
const firstBook = (books: readonly BookDoc[]): BookDoc | undefined => {
  const sorted = [...books].sort((a, b) => a.bookId.localeCompare(b.bookId));
  return sorted.find(({ status }) => status === 'RUNNING') ?? sorted[0];
};

function Desk({
  uid,
  role,
  email,
  onLeave,
}: {
  readonly uid: string;
  readonly role: Role;
  readonly email: string;
  readonly onLeave: () => void;
}) {
  const { registry } = useDesk();
  usePresence(uid);
  const books = useLoaded(targets.books, bookDoc);
  const [chosen, setChosen] = useState<string | null>(null);
  if (books.status === 'pending')
    return (
      <GatePage title="Tradewind">
        <p role="status">Opening your desk…</p>
      </GatePage>
    );
  if (books.status === 'error')
    return (
      <GatePage title="Books unavailable">
        <p role="alert">The books cannot be read: {books.message}.</p>
        <Button variant="primary" onClick={registry.retry}>
          Try again
        </Button>
        <Button onClick={onLeave}>Sign out</Button>
      </GatePage>
    );
  const book = books.data.find(({ bookId }) => bookId === chosen) ?? firstBook(books.data);
  if (book === undefined)
    return (
      <GatePage title="No book yet">
        <p>
          {books.faults.length > 0
            ? `A book could not be read: ${books.faults.map(({ path, message }) => `${path} (${message})`).join(', ')}.`
            : 'A book holds money and positions. The local desk makes one when it starts; in production an administrator does.'}
        </p>
        <Button onClick={onLeave}>Sign out</Button>
      </GatePage>
    );
  return (
    <>
      <BookDesk
        key={book.bookId}
        bookId={book.bookId}
        role={role}
        email={email}
        onLeave={onLeave}
      />
      {books.data.length > 1 && (
        <footer className={styles['main']}>
          <div className={styles['tools']}>
            <Segmented
              label="Book"
              value={book.bookId}
              onChange={setChosen}
              options={books.data.map(({ bookId, name }) => ({ value: bookId, label: name }))}
            />
          </div>
        </footer>
      )}
    </>
  );
}

function Gate({ session, expired, leave }: SessionControl) {
  const { ports } = useDesk();
  switch (session.kind) {
    case 'unknown':
      return (
        <GatePage title="Tradewind">
          <p role="status">Loading…</p>
        </GatePage>
      );
    case 'signedOut':
      return <SignInPage />;
    case 'signedIn':
      return session.role === null ? (
        <NoRolePage
          email={session.email}
          onRefresh={() => {
            void ports.refreshSession();
          }}
          onLeave={leave}
        />
      ) : (
        <>
          <Desk
            key={session.uid}
            uid={session.uid}
            role={session.role}
            email={session.email}
            onLeave={leave}
          />
          {expired && <ExpiredDialog email={session.email} />}
        </>
      );
    default:
      return unreachable(session);
  }
}

/** Who looks decides what is shown: sign-in, a word about access, or the desk. */
export function App() {
  const control = useSession();
  return (
    <PanelBoundary title="Tradewind">
      <Gate {...control} />
    </PanelBoundary>
  );
}
