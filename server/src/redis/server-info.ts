/** What `INFO` tells about a server. Fields are `undefined` where a server does not tell them. */
export interface ServerInfo {
  /** Major version of the commands it knows; that of Redis also where the server is Valkey. */
  readonly majorVersion: number | undefined;
  readonly role: string | undefined;
  /** Names the life of the data: changes at every restart and every promotion; a replica shares it with its master. */
  readonly incarnation: string | undefined;
  /** `standalone`, `cluster` or `sentinel`. */
  readonly mode: string | undefined;
  readonly clusterEnabled: boolean | undefined;
  readonly evictionPolicy: string | undefined;
}

/** Reads the text that `INFO` answers, or a section of it. */
export function parseServerInfo(text: string): ServerInfo {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  const version = Number.parseInt(fields.get('redis_version') ?? '', 10);
  const clusterEnabled = fields.get('cluster_enabled');
  return {
    majorVersion: Number.isNaN(version) ? undefined : version,
    role: fields.get('role'),
    incarnation: fields.get('master_replid'),
    mode: fields.get('redis_mode'),
    clusterEnabled: clusterEnabled === undefined ? undefined : clusterEnabled === '1',
    evictionPolicy: fields.get('maxmemory_policy'),
  };
}
