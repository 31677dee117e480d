/** Strings, what opens and closes, what separates; everything else of JSON goes past. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/**
 * The text of one member of a JSON object as it stands there, to the letter: what another writer
 * would make of it would have another hash. Null where there is none; of several, as for
 * JSON.parse, the last one counts.
 * @param json well-formed JSON
 */
export function memberText(json: string, name: string): string | null {
  let depth = 0;
  let key: string | null = null;
  let valueFrom: number | null = null;
  let found: string | null = null;
  for (const { 0: token, index } of json.matchAll(TOKENS)) {
    if (token === '}' || token === ']') depth -= 1;
    const endsMember = (token === ',' && depth === 1) || (token === '}' && depth === 0);
    if (endsMember && valueFrom !== null) {
      if (key === name) found = json.slice(valueFrom, index).trim();
      [key, valueFrom] = [null, null];
    }
    if (depth === 1 && token === ':') valueFrom = index + 1;
    if (depth === 1 && token.startsWith('"') && valueFrom === null) key = JSON.parse(token) as string;
    if (token === '{' || token === '[') depth += 1;
  }
  return found;
}
