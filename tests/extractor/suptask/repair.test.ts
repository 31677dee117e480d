import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairText } from '../../../extractor/suptask/repair.ts';

const B = '\\';

describe('the repair of a body', () => {
  it.each<[string, string, string]>([
    ['a raw NUL', 'a\0b', 'a\uFFFDb'],
    ['an escaped NUL', `a${B}u0000b`, `a${B}uFFFDb`],
    ['two escaped NULs', `${B}u0000${B}u0000`, `${B}uFFFD${B}uFFFD`],
    ['an escaped backslash before u0000', `${B}${B}u0000`, `${B}${B}u0000`],
    ['an escaped backslash before an escaped NUL', `${B}${B}${B}u0000`, `${B}${B}${B}uFFFD`],
    ['an escaped high surrogate alone', `${B}uD83D!`, `${B}uFFFD!`],
    ['an escaped low surrogate alone', `${B}ude00!`, `${B}uFFFD!`],
    ['an escaped pair', `${B}ud83d${B}uDE00`, `${B}ud83d${B}uDE00`],
    ['a pair the wrong way round', `${B}ude00${B}ud83d`, `${B}uFFFD${B}uFFFD`],
    ['a high surrogate before a pair', `${B}ud83d${B}ud83d${B}ude00`, `${B}uFFFD${B}ud83d${B}ude00`],
    ['an escaped backslash before a pair’s second half', `${B}ud83d${B}${B}ude00`, `${B}uFFFD${B}${B}ude00`],
    ['a raw surrogate alone', 'a\uD83Db', 'a\uFFFDb'],
    ['a raw pair', 'a😀b', 'a😀b'],
    ['half raw, half escaped', `\uD83D${B}ude00`, `\uFFFD${B}uFFFD`],
    ['other escapes', `${B}u00e9${B}n${B}"${B}/${B}u0001`, `${B}u00e9${B}n${B}"${B}/${B}u0001`],
    ['an escape cut short', `a${B}u00`, `a${B}u00`],
    ['a backslash at the end', `a${B}`, `a${B}`],
  ])('treats %s', (_, text, expected) => {
    expect(repairText(text)).toBe(expected);
  });

  it('leaves to the letter what every engine can read', () => {
    const json = fc.json({ stringUnit: 'grapheme' }).filter((text) => !/\\u0000/.test(text));
    fc.assert(fc.property(json, (text) => { expect(repairText(text)).toBe(text); }));
  });

  it('makes of any JSON text one that parses, is well-formed and has no NUL in any string', () => {
    const unit = fc.constantFrom('\0', '\uD83D', '\uDE00', '😀', B, `${B}u0000`, '"', 'u', '0', 'd', '83', '\uFFFD', 'é');
    const text = fc.string({ unit });
    const spelling = fc.constantFrom('raw', 'escaped');
    fc.assert(
      fc.property(fc.array(fc.tuple(text, spelling)), (strings) => {
        // Lone surrogates come escaped from JSON.stringify; raw ones and NULs must be put in by hand.
        const written = strings.map(([value, form]) => {
          const json = JSON.stringify(value);
          return form === 'escaped' ? escapeAll(json) : json.replaceAll('é', '\uD83D').replaceAll('\uFFFD', '\0');
        });
        const repaired = repairText(`[${written.join()}]`);
        expect(repaired.isWellFormed()).toBe(true);
        expect(repaired).not.toContain('\0');
        for (const value of JSON.parse(repaired) as string[]) {
          expect(value.isWellFormed()).toBe(true);
          expect(value).not.toContain('\0');
        }
        expect(repairText(repaired)).toBe(repaired);
      }),
    );
  });
});

/** Every character past ASCII written as an escape, code unit by code unit. */
function escapeAll(json: string): string {
  return json.replace(/[\u0080-\uFFFF]/g, (unit) => `${B}u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
