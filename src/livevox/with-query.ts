/** Parameters of a path: those that have a value, encoded, in the order given. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.append(name, value);
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}
