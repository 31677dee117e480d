/** Of a number of bodies: how many there were, and for each field the JSON types that it had and in how many of them it stood. */
export interface BodyShape {
  bodies: number;
  fields: Record<string, { types: readonly string[]; in: number }>;
}

/** A field is missed only where it stood in almost every body before, and there are enough bodies to say so. */
const USUAL_SHARE = 0.9;
const ENOUGH_BODIES = 20;

/** The shape of these bodies; what is no JSON object is passed over. */
export function shapeOf(bodies: readonly string[]): BodyShape {
  const shape: BodyShape = { bodies: 0, fields: {} };
  for (const body of bodies) {
    const ticket = parsed(body);
    if (ticket === null) continue;
    shape.bodies += 1;
    for (const [name, value] of Object.entries(ticket)) {
      const { types, in: count } = shape.fields[name] ?? { types: [], in: 0 };
      const type = typeOf(value);
      shape.fields[name] = { types: type === 'null' || types.includes(type) ? types : [...types, type], in: count + 1 };
    }
  }
  return shape;
}

/** How bodies have come to differ from those before them: fields that appeared, vanished, or have another type. */
export function driftBetween(before: BodyShape, now: BodyShape): string[] {
  const appeared = Object.keys(now.fields).filter((name) => !before.fields[name]).map((name) => `${name} has appeared`);
  const vanished = Object.entries(before.fields)
    .filter(([name, field]) => !now.fields[name] && field.in >= USUAL_SHARE * before.bodies && Math.min(before.bodies, now.bodies) >= ENOUGH_BODIES)
    .map(([name]) => `${name} has vanished`);
  const changed = Object.entries(now.fields).flatMap(([name, { types }]) => {
    const known = before.fields[name]?.types ?? [];
    const other = known.length === 0 ? [] : types.filter((type) => !known.includes(type));
    return other.length === 0 ? [] : [`${name} is ${other.join(' and ')} where it was ${known.join(' or ')}`];
  });
  return [...appeared, ...vanished, ...changed];
}

/** What is known after a look: what it saw, and the fields that it did not happen to see. */
export function knownAfter(before: BodyShape | null, now: BodyShape): BodyShape {
  if (before === null || now.bodies === 0) return before ?? now;
  const unseen = Object.entries(before.fields).map(([name, { types }]) => [name, { types, in: 0 }] as const);
  const seen = Object.entries(now.fields).map(([name, field]) => [name, { types: [...new Set([...(before.fields[name]?.types ?? []), ...field.types])], in: field.in }] as const);
  return { bodies: now.bodies, fields: { ...Object.fromEntries(unseen), ...Object.fromEntries(seen) } };
}

function parsed(body: string): object | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
