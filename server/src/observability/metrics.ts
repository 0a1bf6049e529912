/** Values of a metric's labels: from closed sets only, never from a client. */
export type Labels = Readonly<Record<string, string>>;

/** Where the library counts. Names are Prometheus names without the `querycast_` prefix. */
export interface Metrics {
  /** Adds to a counter; `by` defaults to 1. */
  count(name: CounterName, labels?: Labels, by?: number): void;
  /** Sets a gauge. */
  gauge(name: GaugeName, value: number, labels?: Labels): void;
  /** Observes a duration in seconds. */
  observe(name: HistogramName, seconds: number, labels?: Labels): void;
}

/** Counters, with their help text and label names. */
export const COUNTERS = {
  publishes_total: { help: 'Invalidations accepted by a publisher, by door', labels: ['door'] },
  publish_refused_total: { help: 'Invalidations refused, by door and code', labels: ['door', 'code'] },
  publish_tokens_total: {
    help: 'Requests at the HTTP door with a valid token, by its place in the list',
    labels: ['token'],
  },
  broker_deliver_errors_total: { help: 'Broker subscribers or listeners that threw', labels: [] },
  envelopes_received_total: { help: 'Envelopes a gateway received from the broker', labels: [] },
  broker_unsubscribe_errors_total: { help: 'Rooms a broker failed to unsubscribe from', labels: [] },
  broker_messages_total: { help: 'Messages that reached a broker through its subscriptions', labels: [] },
  broker_stray_messages_total: { help: 'Messages for rooms that nobody subscribed to in this process', labels: [] },
  broker_malformed_total: { help: 'Messages or log entries that were no envelope or query key', labels: ['source'] },
  heartbeats_total: {
    help: 'Beats sent to be heard on a connection for subscriptions, by connection and result',
    labels: ['connection', 'result'],
  },
  broker_server_findings_total: {
    help: 'Settings of the log server that lose messages, by finding',
    labels: ['finding'],
  },
  redis_connections_lost_total: {
    help: 'Connections to Redis lost or not made, by the name that the program gave them and by role',
    labels: ['name', 'role'],
  },
  frames_sent_total: { help: 'Frames emitted to rooms or sockets, by event', labels: ['event'] },
  frames_merged_total: { help: 'Envelopes that left as part of an earlier frame', labels: [] },
  frames_kept_total: { help: 'Frames kept back, each counted for every slow socket that did not take it', labels: [] },
  frames_overflowed_total: {
    help: 'Resyncs to one session because more was kept back for it than fits into a frame',
    labels: [],
  },
  flooded_sockets_cut_total: { help: 'Connections cut because their clients ask without reading', labels: [] },
  log_repairs_total: { help: 'Holes repaired from the log, by result', labels: ['result'] },
  room_sweeps_total: { help: 'Open rooms compared with their log, by what was found', labels: ['result'] },
  joins_total: { help: 'Rooms joined, by row status', labels: ['status'] },
  connections_refused_total: { help: 'Connections refused, by code', labels: ['code'] },
  limits_reached_total: { help: 'Times that a limit of the gateway was reached, by its name', labels: ['limit'] },
  client_messages_refused_total: { help: 'Client messages refused, by code', labels: ['code'] },
  key_set_fetch_errors_total: { help: 'Fetches of the key set of an issuer of tokens that failed', labels: [] },
  renewals_total: { help: 'New tokens of running sessions, by result', labels: ['result'] },
  rights_checks_total: {
    help: 'Looks at the rights of running sessions, by cause and result',
    labels: ['cause', 'result'],
  },
  rechecks_unconfirmed_total: { help: 'Nodes that did not confirm that they look at rights again', labels: [] },
  sessions_evicted_total: { help: 'Sessions evicted, by code', labels: ['code'] },
  evictions_unconfirmed_total: { help: 'Nodes that did not confirm an eviction', labels: [] },
  peer_messages_refused_total: { help: 'Malformed messages of other nodes', labels: [] },
  eviction_exchanges_failed_total: { help: 'Exchanges of evictions with other nodes that failed', labels: [] },
  subscribe_errors_total: { help: 'Redis channels that could not be joined, by channel', labels: ['channel'] },
  relay_rows_total: { help: 'Outbox rows handled, by result', labels: ['result'] },
  relay_envelopes_total: { help: 'Envelopes the relay published, by result', labels: ['result'] },
  relay_errors_total: {
    help: 'Steps of the relay that failed, by step; all but `published`, which only warms caches, will be tried again',
    labels: ['step'],
  },
  outbox_listens_lost_total: { help: 'Connections for notifications that were lost or not made', labels: [] },
  database_connections_lost_total: { help: 'Database connections that broke', labels: [] },
  cache_reads_total: { help: 'Cache reads, by owner kind and result', labels: ['owner', 'result'] },
  cache_fills_total: {
    help: 'Computed values offered to the cache, by owner kind and result',
    labels: ['owner', 'result'],
  },
  cache_evictions_total: { help: 'Cache evictions, by owner kind and result', labels: ['owner', 'result'] },
  cache_warmups_total: {
    help: 'Cache entries computed ahead of the refetches of open dashboards, by owner kind and result',
    labels: ['owner', 'result'],
  },
  cache_life_errors_total: {
    help: 'Looks at the life of the cache store, after reads, that it did not answer',
    labels: [],
  },
  cache_unlock_errors_total: {
    help: 'Locks of cache computations that were left to expire because the store did not answer',
    labels: [],
  },
  answers_untold_total: {
    help: 'Answers of writes that did not wait any longer until what they made stale was told, by reason',
    labels: ['reason'],
  },
  password_attempts_total: { help: 'Passwords that were sent to be checked, by result', labels: ['result'] },
  position_header_omitted_total: { help: 'Responses without a position because the broker did not answer', labels: [] },
} as const satisfies Record<string, MetricShape>;

/** Gauges, with their help text and label names. */
export const GAUGES = {
  sessions: { help: 'Open sessions on this node', labels: [] },
  rooms: { help: 'Rooms open on this node', labels: [] },
  slow_sockets: { help: 'Sockets of this node that do not take what is sent to them', labels: [] },
  broker_live: { help: '1 while the broker is reachable', labels: [] },
  database_pool_in_use: {
    help: 'Database connections that requests of this node hold, sampled every second',
    labels: [],
  },
  database_pool_waiting: { help: 'Requests of this node that wait for a connection, sampled every second', labels: [] },
  outbox_pending: { help: 'Outbox rows waiting for the relay, counted every 10 s; NaN while unknown', labels: [] },
  outbox_poison: { help: 'Outbox rows set aside with an error, counted every 10 s; NaN while unknown', labels: [] },
} as const satisfies Record<string, MetricShape>;

/** Histograms of seconds, with their help text and label names. */
export const HISTOGRAMS = {
  join_seconds: { help: 'Connection accepted to ready sent', labels: [] },
  relay_lag_seconds: { help: 'Commit to publish, through the outbox', labels: [] },
} as const satisfies Record<string, MetricShape>;

/** A metric's help text and label names. */
export interface MetricShape {
  readonly help: string;
  readonly labels: readonly string[];
}

export type CounterName = keyof typeof COUNTERS;
export type GaugeName = keyof typeof GAUGES;
export type HistogramName = keyof typeof HISTOGRAMS;

/** Counts nothing; the default everywhere. */
export const noMetrics: Metrics = { count() {}, gauge() {}, observe() {} };
