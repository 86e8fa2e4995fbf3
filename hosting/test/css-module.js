/** Stands for every CSS module in tests: a class is called what the code calls it. */
export default new Proxy(
  {},
  { get: (_target, name) => (typeof name === 'string' ? name : undefined) },
);
