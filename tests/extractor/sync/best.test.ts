import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Best } from '../../../extractor/sync/best.ts';

describe('the best numbers', () => {
  it('are those that sorting all of them would put in front, in that order, whatever order they come in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(500), { minLength: 20, maxLength: 80 }), fc.nat(30), fc.nat(20), (numbers, most, values) => {
        const valueOf = (number: number) => number % (values + 1);
        const best = new Best(most);
        for (const number of numbers) best.add(number, valueOf(number));
        const sorted = numbers.toSorted((a, b) => valueOf(b) - valueOf(a) || b - a).slice(0, most);
        expect(best.numbers()).toEqual(sorted);
        expect(best.price).toBe(sorted.length < most ? 0 : valueOf(sorted.at(-1) ?? 0));
      }),
    );
  });
});
