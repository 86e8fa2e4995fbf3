/* SHA-256 as FIPS 180-4 defines it. Ids must be the same in every process and in a backtest, and core has no crypto. */

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
};
const fraction = (x: number): number => Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
const INITIAL = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));
const ROUND = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));

const BLOCK = 64;
/** The schedule of one block, made anew for each: an order takes three hashes, and a backtest thousands of orders. */
const schedule = new Int32Array(64);

const rotate = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

/** Takes one block of 64 bytes into `hash`, in place. */
function compress(hash: Int32Array, view: DataView, at: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const w15 = w[i - 15] ?? 0;
    const w2 = w[i - 2] ?? 0;
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3);
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10);
    w[i] = (w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1;
  }
  let a = hash[0] ?? 0;
  let b = hash[1] ?? 0;
  let c = hash[2] ?? 0;
  let d = hash[3] ?? 0;
  let e = hash[4] ?? 0;
  let f = hash[5] ?? 0;
  let g = hash[6] ?? 0;
  let h = hash[7] ?? 0;
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + (ROUND[i] ?? 0) + (w[i] ?? 0)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (c & (a ^ b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  hash[0] = (hash[0] ?? 0) + a;
  hash[1] = (hash[1] ?? 0) + b;
  hash[2] = (hash[2] ?? 0) + c;
  hash[3] = (hash[3] ?? 0) + d;
  hash[4] = (hash[4] ?? 0) + e;
  hash[5] = (hash[5] ?? 0) + f;
  hash[6] = (hash[6] ?? 0) + g;
  hash[7] = (hash[7] ?? 0) + h;
}

let room = new Uint8Array(16 * BLOCK);
let view = new DataView(room.buffer);

/** Makes room for so many bytes; what is there stays. */
function reserve(bytes: number): void {
  if (bytes <= room.length) return;
  const larger = new Uint8Array(2 * bytes);
  larger.set(room);
  room = larger;
  view = new DataView(room.buffer);
}

/** UTF-8 of a text into the room from `at` on; where it ends. Lone surrogates become U+FFFD. */
function writeUtf8(text: string, start: number): number {
  // A unit takes three bytes at most: a pair of them, four.
  reserve(start + 3 * text.length + 9 + BLOCK);
  const bytes = room;
  let at = start;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[at++] = unit;
      continue;
    }
    const raw = text.codePointAt(i) ?? 0;
    if (raw > 0xffff) i += 1;
    const point = raw >= 0xd800 && raw <= 0xdfff ? 0xfffd : raw;
    if (point < 0x800) bytes[at++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) bytes[at++] = 0xe0 | (point >> 12);
      else {
        bytes[at++] = 0xf0 | (point >> 18);
        bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (point & 0x3f);
  }
  return at;
}

/** A one bit, zeros, and the bit length as 64-bit big-endian after a message of `length` bytes: where the blocks end. */
function pad(length: number): number {
  const end = Math.ceil((length + 9) / BLOCK) * BLOCK;
  room.fill(0, length, end);
  room[length] = 0x80;
  view.setUint32(end - 8, Math.floor(length / 2 ** 29));
  view.setUint32(end - 4, (length << 3) >>> 0);
  return end;
}

/** Stands in no UTF-8: no two lists of texts give the same bytes. */
const SEPARATOR = 0xff;

/**
 * SHA-256 over the UTF-8 forms of `texts`, at least one, with a byte 0xff between them: eight words of 32 bits into
 * `hash`, the first bits first. Of a single text it is what any SHA-256 gives.
 */
export function sha256(texts: readonly string[], hash: Int32Array): void {
  let length = writeUtf8(texts[0] ?? '', 0);
  for (let at = 1; at < texts.length; at += 1) {
    room[length] = SEPARATOR;
    length = writeUtf8(texts[at] ?? '', length + 1);
  }
  const end = pad(length);
  hash.set(INITIAL);
  for (let at = 0; at < end; at += BLOCK) compress(hash, view, at);
}
