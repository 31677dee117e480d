/** What an `Authorization` header amounts to: `malformed` is a spelling that SupTask answers with 400. */
export type Authorization = 'accepted' | 'malformed' | 'refused';

/** Judges the header: `Api-Token <token>` or `Bearer <token>`, in exactly this spelling. */
export function judgeAuthorization(header: string | undefined, token: string): Authorization {
  if (header === undefined || header === '') return 'refused';
  const match = /^(?:Api-Token|Bearer)(?: (.*))?$/.exec(header);
  if (match === null) return 'malformed';
  return match[1] === token ? 'accepted' : 'refused';
}
