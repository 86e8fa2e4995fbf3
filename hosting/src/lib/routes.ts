/** Pages by URL hash: shareable, and back works. */
export const ROUTES = [
  'overview',
  'market',
  'orders',
  'signals',
  'performance',
  'activity',
  'system',
] as const;
export type Route = (typeof ROUTES)[number];

/** Page of a hash such as `#/orders`; anything else is the overview. */
export const routeOf = (hash: string): Route =>
  ROUTES.find((route) => hash === `#/${route}`) ?? 'overview';

export const hashOf = (route: Route): string => `#/${route}`;
