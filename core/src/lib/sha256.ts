/* SHA-256 as FIPS 180-4 defines it. Ids must be the same in every process and in a backtest, and core has no crypto. */

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
};
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
const INITIAL = primes(8).map((p) => fraction(Math.sqrt(p)));
const ROUND = primes(64).map((p) => fraction(Math.cbrt(p)));

const rotate = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** Message bytes, a one bit, zeros, and the bit length as 64-bit big-endian. */
function padded(bytes: readonly number[]): number[] {
  const zeros = (119 - (bytes.length % 64)) % 64;
  const length = BigInt(bytes.length) * 8n;
  const tail = Array.from({ length: 8 }, (_, i) => Number((length >> BigInt(56 - 8 * i)) & 255n));
  return [...bytes, 0x80, ...Array.from({ length: zeros }, () => 0), ...tail];
}

function schedule(block: readonly number[]): number[] {
  const w: number[] = [];
  for (let i = 0; i < 64; i += 1) {
    if (i < 16) {
      const [a = 0, b = 0, c = 0, d = 0] = block.slice(i * 4, i * 4 + 4);
      w.push((a << 24) | (b << 16) | (c << 8) | d);
      continue;
    }
    const [w15 = 0, w2 = 0, w16 = 0, w7 = 0] = [w[i - 15], w[i - 2], w[i - 16], w[i - 7]];
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    w.push((w16 + s0 + w7 + s1) | 0);
  }
  return w;
}

function compress(hash: readonly number[], block: readonly number[]): number[] {
  const w = schedule(block);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (ROUND[i] ?? 0) + (w[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((x, i) => (x + (hash[i] ?? 0)) | 0);
}

/** UTF-8 bytes of a text. Lone surrogates become U+FFFD, as encoders do. */
function utf8(text: string): number[] {
  return Array.from(text).flatMap((char) => {
    const raw = char.codePointAt(0) ?? 0;
    const point = raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw;
    if (point < 0x80) return [point];
    const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
    if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
    if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
    return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
  });
}

/** The 32 bytes of SHA-256 over the UTF-8 form of `text`. */
export function sha256(text: string): readonly number[] {
  const bytes = padded(utf8(text));
  let hash: number[] = INITIAL;
  for (let at = 0; at < bytes.length; at += 64) hash = compress(hash, bytes.slice(at, at + 64));
  return hash.flatMap((x) => [24, 16, 8, 0].map((shift) => (x >>> shift) & 255));
}

/** Lower-case hexadecimal SHA-256 of `text`: 64 characters. */
export const sha256Hex = (text: string): string =>
  sha256(text)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
