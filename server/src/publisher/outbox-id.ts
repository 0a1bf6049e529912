/**
 * Begins every id that the outbox publishes with, and none that another door accepts. The rest of such an id can be guessed:
 * whoever may publish could otherwise use one up, and what the outbox has to say would count as said already.
 */
export const OUTBOX_ID_PREFIX = 'outbox:';
