/** Longest text that is kept, in characters. */
const MAX_LENGTH = 500;

/** Longest beginning that is looked at, in characters: looking takes time with its square at worst. */
const MAX_READ = 4_000;

/** Where clients and servers of databases begin to list values: those of a failed query, those of an unknown command. */
const VALUES = /\s*(\bparam(?:eter)?s\s*:|,? with args beginning with:)/i;

/** What is left out, and what stands for it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // User and password in an address, up to the last @: one that was not encoded may have another.
  [/(?<=:\/\/)[^\s"'<>]*@/g, ''],
  [/\b(cookie["']?\s*:\s*["']?)[^\n"']+/gi, '$1…'],
  [
    /\b([\w-]{0,40}(?:passw(?:or)?d|passphrase|pwd|secret|token|api[-_]?key|authorization)["']?\s*[=:]\s*["']?)(?:(?:Bearer|Basic)\s+)?[^\s"',;&}]+/gi,
    '$1…',
  ],
  [/\b(Bearer\s+(?=[\w.~+/=-]{4})|Basic\s+(?=[\w.~+/=-]{8}))[\w.~+/=-]+/gi, '$1…'],
  // JSON Web Tokens: an object in base64url begins like this.
  [/eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, '…'],
  // Hashes of passwords.
  [/(?:\bscrypt|\$argon2\w{0,2}|\$2[aby])\$[^\s"']+/g, '…'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g, '…'],
];

/** What is half a character, and the one that PostgreSQL takes in no text. */
const UNWRITABLE = /\p{Cs}|\0/gu;

/**
 * What may be kept and logged of a text that a program or server said of a failure: at most 500 characters, without
 * passwords, tokens, cookies, e-mail addresses and lists of values. It knows them by their looks, so it is the second
 * line of defence: the first is not to write them.
 */
export function withoutSecrets(text: string): string {
  const said = beginningOf(text);
  const told = SECRETS.reduce(
    (rest, [secret, instead]) => rest.replace(secret, instead),
    said.slice(0, VALUES.exec(said)?.index),
  );
  return told.slice(0, MAX_LENGTH).replace(UNWRITABLE, '�');
}

/** What is looked at. A word that is cut through may be half of a secret, which looks like none, and goes whole. */
function beginningOf(text: string): string {
  return text.length > MAX_READ ? text.slice(0, MAX_READ).replace(/\S*$/, '…') : text;
}
