import { nextSessionView } from './use-session.ts';

const inside = { kind: 'signedIn', uid: 'u', email: 'a@b.test', role: 'trader' } as const;
const view = { session: inside, expired: false };

test('a session that ends by itself keeps the view and asks to sign in', () => {
  expect(nextSessionView(view, { kind: 'signedOut' }, false)).toEqual({
    session: inside,
    expired: true,
  });
});

test('signing out, and signing in again, do not', () => {
  expect(nextSessionView(view, { kind: 'signedOut' }, true).expired).toBe(false);
  expect(nextSessionView({ session: inside, expired: true }, inside, false).expired).toBe(false);
});
