/**
 * JSON text as it came, but for what an engine could not read: NUL and lone surrogates become
 * U+FFFD, written raw or as an escape. Everything else stays to the letter.
 */
export function repairText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  const clean = whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
  return clean.includes('\\u') ? repairEscapes(clean) : clean;
}

/** A pair of surrogates, any other escape (so that an escaped backslash is never split), in that order. */
const ESCAPES = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\./gs;
const UNREADABLE = /^\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})$/;

function repairEscapes(text: string): string {
  return text.replace(ESCAPES, (escape) => (UNREADABLE.test(escape) ? '\\uFFFD' : escape));
}
