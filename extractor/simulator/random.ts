/** A source of chance with a fixed sequence: the same seed and stream draw the same values anywhere. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** One of the values, in proportion to its weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T;
  exponential(mean: number): number;
  /** Log-normal by its median and the standard deviation of its logarithm. */
  logNormal(median: number, sigma: number): number;
}

/** A 32-bit hash (FNV-1a with a final mix) of the parts, equal on every machine. */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\u0000')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hash of the parts as a fraction in [0, 1): chance that does not depend on the order of asking. */
export function fractionOf(...parts: readonly (string | number)[]): number {
  return hashOf(...parts) / 2 ** 32;
}

/**
 * A generator (sfc32) for one stream of a seed. Streams are independent, so that drawing one value
 * more for one ticket leaves every other ticket as it was.
 */
export function createRandom(seed: number, stream: string | number): Random {
  let a = hashOf(seed, stream, 'a');
  let b = hashOf(seed, stream, 'b');
  let c = hashOf(seed, stream, 'c');
  let counter = 1;

  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();

  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  return {
    next,
    chance: (probability) => next() < probability,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => itemAt(items, Math.floor(next() * items.length)),
    weighted: (choices) => {
      const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
      let rest = next() * total;
      for (const [value, weight] of choices) {
        rest -= weight;
        if (rest < 0) return value;
      }
      return itemAt(choices, choices.length - 1)[0];
    },
    exponential: (mean) => -mean * Math.log(1 - next()),
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
  };
}

function itemAt<T>(items: readonly T[], index: number): T {
  if (items.length === 0) throw new RangeError('nothing to choose from');
  return items[index] as T;
}
