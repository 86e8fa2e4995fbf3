import { createServer, type Server } from 'node:net';
import { busyPorts, DEFAULT_PORTS, isBusy, portsAt } from './ports.ts';

const listen = (): Promise<{ server: Server; port: number }> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0 });
    });
  });

test('an offset moves every port by the same', () => {
  expect(portsAt(0)).toEqual(DEFAULT_PORTS);
  for (const [name, port] of Object.entries(portsAt(3_000)))
    expect(port - 3_000).toBe(Object.entries(DEFAULT_PORTS).find(([one]) => one === name)?.[1]);
});

test('a port that is taken is named with the process that has it', async () => {
  const { server, port } = await listen();
  const ports = { ...portsAt(40_000), mailbox: port };
  const faults = await busyPorts(ports);
  expect(await isBusy(port)).toBe(true);
  expect(faults.some((fault) => fault.startsWith(`port ${port} (mailbox) is taken`))).toBe(true);
  await new Promise((closed) => server.close(closed));
  expect(await isBusy(port)).toBe(false);
});

test('a port that no browser opens is refused', async () => {
  const faults = await busyPorts({ ...portsAt(40_000), hosting: 6_000 });
  expect(faults).toContain('browsers refuse port 6000 (hosting)');
});
