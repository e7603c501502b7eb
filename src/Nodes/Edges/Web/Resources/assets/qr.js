// QR codes (ISO/IEC 18004), as much of them as a link needs: bytes, versions 1 to 40, error correction M or,
// for long texts, L. A code is a square of booleans; true is dark.

const maxVersion = 40;

// Per level: bits in the format, then for versions 1 to 40 the error correction codewords of each block and the blocks.
const levels = [
  {
    bits: 0, // M
    codewords: [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, ...Array(19).fill(28)],
    blocks: [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
  },
  {
    bits: 1, // L
    codewords: [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, ...Array(14).fill(30)],
    blocks: [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
  },
];

const masks = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

// The code of a text; null when it is too long for any.
export function encode(text) {
  const bytes = new TextEncoder().encode(text);
  for (const level of levels) {
    for (let version = 1; version <= maxVersion; version++) {
      if (4 + countBits(version) + 8 * bytes.length <= 8 * dataCodewords(version, level)) {
        return best(version, level, interleave(pack(bytes, version, level), version, level));
      }
    }
  }
  return null;
}

const countBits = (version) => (version < 10 ? 8 : 16);

const sizeOf = (version) => 4 * version + 17;

function centres(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  const last = sizeOf(version) - 7;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => last - (count - 2 - i) * step)];
}

function allCodewords(version) {
  const alignments = centres(version).length;
  const size = sizeOf(version);
  let modules = size * size - 3 * 64 - 2 * (size - 16) - 31;
  if (alignments > 0) modules -= 25 * (alignments * alignments - 3) - 10 * (alignments - 2);
  if (version >= 7) modules -= 36;
  return Math.floor(modules / 8);
}

function dataCodewords(version, level) {
  return allCodewords(version) - level.codewords[version - 1] * level.blocks[version - 1];
}

// Mode, length, bytes, end, padding.
function pack(bytes, version, level) {
  const bits = [];
  const push = (value, count) => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  const capacity = 8 * dataCodewords(version, level);
  push(4, 4);
  push(bytes.length, countBits(version));
  for (const byte of bytes) push(byte, 8);
  push(0, Math.min(4, capacity - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) push(pad, 8);
  const packed = [];
  for (let i = 0; i < bits.length; i += 8) packed.push(parseInt(bits.slice(i, i + 8).join(''), 2));
  return packed;
}

// Powers of 2 in the field of 256 elements, and their exponents.
const exponents = new Uint8Array(256);
const powers = new Uint8Array(255);
for (let i = 0, value = 1; i < 255; i++) {
  powers[i] = value;
  exponents[value] = i;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}

const multiply = (a, b) => (a && b ? powers[(exponents[a] + exponents[b]) % 255] : 0);

function generator(degree) {
  let polynomial = [1];
  for (let i = 0; i < degree; i++) {
    polynomial = [...polynomial, 0].map((value, at) => value ^ (at > 0 ? multiply(polynomial[at - 1], powers[i]) : 0));
  }
  return polynomial.slice(1);
}

function remainder(data, divisor) {
  const rest = Array(divisor.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((value, i) => { rest[i] ^= multiply(value, factor); });
  }
  return rest;
}

// Blocks of nearly equal length, the shorter ones first, taken in turns; then their error correction.
function interleave(data, version, level) {
  const count = level.blocks[version - 1];
  const divisor = generator(level.codewords[version - 1]);
  const long = data.length % count;
  const blocks = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = Math.floor(data.length / count) + (i >= count - long ? 1 : 0);
    blocks.push(data.slice(at, at + length));
    at += length;
  }
  const inTurns = (parts) => Array.from({ length: Math.max(...parts.map((part) => part.length)) }, (_, i) => parts.flatMap((part) => part.slice(i, i + 1))).flat();
  return [...inTurns(blocks), ...inTurns(blocks.map((block) => remainder(block, divisor)))];
}

// What every code of a version has, with the places that it takes.
function frame(version) {
  const size = sizeOf(version);
  const modules = Array.from({ length: size }, () => Array(size).fill(false));
  const taken = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    modules[y][x] = dark;
    taken[y][x] = true;
  };
  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const square = (x, y, radius, isDark) => {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(x, y, 4, (distance) => distance !== 2 && distance !== 4);
  const middles = centres(version);
  for (const x of middles) {
    for (const y of middles) {
      const isCorner = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6);
      if (!isCorner) square(x, y, 2, (distance) => distance !== 1);
    }
  }
  return { size, modules, taken, set };
}

function checked(value, bits, polynomial) {
  let rest = value;
  for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * polynomial);
  return (value << bits) | rest;
}

function drawFormat({ size, set }, level, mask) {
  const bits = checked((level.bits << 3) | mask, 10, 0x537) ^ 0x5412;
  const bit = (i) => ((bits >> i) & 1) === 1;
  for (let i = 0; i < 6; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
}

function drawVersion({ size, set }, version) {
  if (version < 7) return;
  const bits = checked(version, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const near = Math.floor(i / 3);
    const far = size - 11 + (i % 3);
    set(far, near, ((bits >> i) & 1) === 1);
    set(near, far, ((bits >> i) & 1) === 1);
  }
}

// Pairs of columns from the right, upwards and downwards in turns.
function drawData({ size, modules, taken }, codewords) {
  let i = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      for (const x of [right, right - 1]) {
        const y = upwards ? size - 1 - step : step;
        if (!taken[y][x] && i < 8 * codewords.length) {
          modules[y][x] = ((codewords[i >> 3] >> (7 - (i & 7))) & 1) === 1;
          i++;
        }
      }
    }
  }
}

function best(version, level, codewords) {
  const code = frame(version);
  drawVersion(code, version);
  drawFormat(code, level, 0);
  drawData(code, codewords);
  let chosen = null;
  masks.forEach((mask, number) => {
    drawFormat(code, level, number);
    const masked = code.modules.map((row, y) => row.map((dark, x) => dark !== (!code.taken[y][x] && mask(x, y) === 0)));
    const cost = penalty(masked);
    if (!chosen || cost < chosen.cost) chosen = { cost, masked };
  });
  return chosen.masked;
}

// How hard a code is to read: long runs, blocks of one colour, what looks like a corner, too much of one colour.
function penalty(modules) {
  const size = modules.length;
  let cost = 0;
  let dark = 0;
  for (let i = 0; i < size; i++) {
    const row = modules[i].map(Number).join('');
    const column = modules.map((line) => Number(line[i])).join('');
    for (const line of [row, column]) {
      for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) cost += run.length - 2;
      cost += 40 * [...line.matchAll(/(?=10111010000|00001011101)/g)].length;
    }
    dark += row.split('1').length - 1;
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const colour = modules[y][x];
      if (colour === modules[y - 1][x] && colour === modules[y][x - 1] && colour === modules[y - 1][x - 1]) cost += 3;
    }
  }
  return cost + 10 * Math.floor(Math.abs((20 * dark) / (size * size) - 10));
}
