/** The value of a JSON text; `undefined` when it is none, which nothing good can be. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // As the answer says.
    return undefined;
  }
}
