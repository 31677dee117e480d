import { vi } from 'vitest';
import { identitiesCommand } from '../../../../extractor/commands/identities.ts';

/** What `suptask identities …` writes to standard output; rejects with the error that it would end with. */
export async function identities(...words: string[]): Promise<string> {
  return identitiesAtOnce([words]);
}

/** Likewise, of several command lines that run at once. */
export async function identitiesAtOnce(lines: readonly (readonly string[])[]): Promise<string> {
  let text = '';
  const writing = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const complaining = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await Promise.all(lines.map((words) => identitiesCommand().exitOverride().parseAsync(words, { from: 'user' })));
    return text;
  } finally {
    writing.mockRestore();
    complaining.mockRestore();
  }
}

/** The error that it ends with, as a person reads it: the sentence and the remedy. */
export async function refusal(...words: string[]): Promise<string> {
  const error: Error & { code?: string; remedy?: string } = await identities(...words).then(
    (text) => new Error(`it answered: ${text}`),
    (thrown: unknown) => thrown as Error,
  );
  return [error.code, error.message, error.remedy].filter(Boolean).join(' | ');
}
