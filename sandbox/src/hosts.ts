/** Hosts of Binance that this server plays, by what they serve. */
const REST = [
  'api.binance.com',
  'api1.binance.com',
  'api2.binance.com',
  'api3.binance.com',
  'api4.binance.com',
  'data-api.binance.vision',
  'fapi.binance.com',
  'dapi.binance.com',
];
const STREAMS = ['stream.binance.com', 'data-stream.binance.vision', 'fstream.binance.com'];
const SOCKET_API = ['ws-api.binance.com'];
const LOCAL = ['127.0.0.1', 'localhost'];

/** What a `Host` header asks for; the port is not looked at. */
export type HostKind = 'rest' | 'stream' | 'socketApi' | 'local' | 'unknown';

/** Fails closed: a host that is not listed is refused and never forwarded. */
export function hostKind(header: string | undefined): HostKind {
  const host = (header ?? '').toLowerCase().replace(/:\d+$/, '');
  if (REST.includes(host)) return 'rest';
  if (STREAMS.includes(host)) return 'stream';
  if (SOCKET_API.includes(host)) return 'socketApi';
  return LOCAL.includes(host) ? 'local' : 'unknown';
}
