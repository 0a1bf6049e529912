/**
 * Fields of a log line that may hold an id, each with the only shape it may have. Ids stand here and nowhere else: not in
 * other fields, not in the words of a line but for {@link GUIDE_LINES}, not in addresses.
 */
export const ID_FIELDS: Readonly<Record<string, RegExp>> = {
  // Of people; `ann` is the only one of the library's own pages.
  user: /^(\d+|ann)$/,
  by: /^\d+$/,
  // Of a log-in at the platform, of a socket at the gateway.
  session: /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w-]{20})$/,
  room: /^[a-z]+:(\d+|ann)$/,
  owner: /^[a-z_]+(:\d+(:\*)?)?$/,
  row: /^\d+$/,
  // The guide's three lines.
  parent_id: /^\d+$/,
  student_id: /^\d+$/,
  enrollment_id: /^\d+$/,
  plan_id: /^\d+$/,
  // Of machines, not of people.
  node: /^[\w-]{1,64}$/,
  life: /^[\w:./-]{1,200}$/,
  position: /^[\w:-]{1,100}$/,
  // Which of the publish tokens, by its place.
  token: /^token-\d+$/,
  channel: /^[\w:{}#./-]{1,100}$/,
};

/** Fields that hold a number which is none of an id: how many, how long, when. */
export const COUNT_FIELDS: ReadonlySet<string> = new Set([
  'level',
  'time',
  'answers',
  'attempts',
  'bytes',
  'changes',
  'ended',
  'entries',
  'envelopes',
  'failures',
  'limit',
  'made',
  'missing',
  'nodes',
  'owners',
  'people',
  'published',
  'rechecks',
  'recovered',
  'renewals',
  'resync',
  'rooms',
  'rows',
  'sessions',
  'timeoutMs',
  'times',
  'unanswered',
  'unread',
  'withinMs',
]);

/** What the error of a line says in digits that are no id: the code of PostgreSQL. */
export const FAULT_FIELDS: ReadonlySet<string> = new Set(['code']);

/** The guide's words: the only lines with values in them. */
export const GUIDE_LINES: readonly RegExp[] = [
  /^Parent cache invalidated: parent_id=\d+, student_id=\d+, enrollment_id=\d+$/,
  /^Parent cache invalidated after study plan sent: plan_id=\d+, parent_id=\d+, student_id=\d+$/,
  /^Parent cache invalidated via StudyPlan signal: plan_id=\d+, parent_id=\d+, student_id=\d+, status=sent$/,
];

/** Ids of nobody, in sentences that say what an id looks like. */
export const EXAMPLES: readonly string[] = ['"parent:42"'];

/** Words of servers with a random one in them: Redis names the script whose command it refused by its hash. */
export const OF_MACHINES: readonly RegExp[] = [/\bscript: [0-9a-f]{40}, on @user_script:\d+/g];

/** What the platform says to whoever started it, on standard output, besides the accounts of the demo. */
export const GREETING: readonly RegExp[] = [
  /^$/,
  /^(Demo: {6}|Log in at: )http:\/\/127\.0\.0\.1:\d+\/(demo)?$/,
  /^The token for POST \/v1\/invalidations is kept in \S+$/,
  /^Accounts, all with the password "demo":$/,
  /^(Database|Redis|Cache): +[\w.:/, -]+$/,
  /^Stop with Ctrl-C\.$/,
];

/** Labels whose values are no words in small letters: most have digits in them, none of which is an id. */
export const LABELS: Readonly<Record<string, RegExp>> = {
  // The names of the gateway's settings.
  limit: /^[a-z]+([A-Z][a-z]+)*$/,
  le: /^(\+Inf|[\d.e-]+)$/,
  token: /^token-\d+$/,
  version: /^v[\d.]+$/,
  major: /^\d+$/,
  minor: /^\d+$/,
  patch: /^\d+$/,
};
