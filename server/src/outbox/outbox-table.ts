/** The outbox table, with its schema: pinned, so that a writer's `search_path` cannot lead anywhere else. */
export const OUTBOX_TABLE = 'public.querycast_outbox';

/** The channel that is notified, once per committing transaction, when rows were appended. Its payload is empty. */
export const OUTBOX_CHANNEL = 'querycast_outbox';

/**
 * What creates the outbox, idempotently; part of what `captureSql` answers. Rows appear with their transaction or not
 * at all. A row set aside is tried again after
 * `UPDATE public.querycast_outbox SET set_aside_at = NULL, attempts = 0 WHERE id = …`.
 */
export const OUTBOX_SQL = `
CREATE TABLE IF NOT EXISTS ${OUTBOX_TABLE} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tx text NOT NULL DEFAULT pg_current_xact_id()::text,
  source text NOT NULL,
  operation text NOT NULL CHECK (operation IN ('insert', 'update', 'delete', 'call')),
  old jsonb,
  new jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  claimed_until timestamptz,
  claimed_by text,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  set_aside_at timestamptz,
  published_at timestamptz,
  incarnations text[] NOT NULL DEFAULT '{}'
);
ALTER TABLE ${OUTBOX_TABLE} ADD COLUMN IF NOT EXISTS late boolean NOT NULL DEFAULT false;
ALTER TABLE ${OUTBOX_TABLE} ADD COLUMN IF NOT EXISTS evicted boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ${OUTBOX_TABLE}.claimed_until IS 'nobody takes the row before: it is being worked on, or waits for its next attempt';
COMMENT ON COLUMN ${OUTBOX_TABLE}.attempts IS 'how often its signal failed; failures to evict or publish do not count';
COMMENT ON COLUMN ${OUTBOX_TABLE}.incarnations IS 'which lives of the broker acknowledged it when it was last published';
COMMENT ON COLUMN ${OUTBOX_TABLE}.late IS 'an outage held it up, or it is published again after one: its refetches are spread';
COMMENT ON COLUMN ${OUTBOX_TABLE}.evicted IS 'the caches it makes stale were evicted: only publishing is owed';
DROP INDEX IF EXISTS public.querycast_outbox_pending;
CREATE INDEX IF NOT EXISTS querycast_outbox_transaction ON ${OUTBOX_TABLE} (tx, id)
  WHERE coalesce(published_at, set_aside_at) IS NULL;
CREATE INDEX IF NOT EXISTS querycast_outbox_due ON ${OUTBOX_TABLE} (coalesce(claimed_until, created_at), id)
  WHERE published_at IS NULL AND set_aside_at IS NULL;
CREATE INDEX IF NOT EXISTS querycast_outbox_unevicted ON ${OUTBOX_TABLE} (coalesce(claimed_until, created_at), id)
  WHERE published_at IS NULL AND set_aside_at IS NULL AND NOT evicted;
CREATE INDEX IF NOT EXISTS querycast_outbox_set_aside ON ${OUTBOX_TABLE} (id) WHERE set_aside_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS querycast_outbox_kept ON ${OUTBOX_TABLE} (published_at) WHERE published_at IS NOT NULL;

CREATE OR REPLACE FUNCTION public.querycast_outbox_notify() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $querycast$
BEGIN
  PERFORM pg_notify('${OUTBOX_CHANNEL}', '');
  RETURN NULL;
END
$querycast$;
CREATE OR REPLACE TRIGGER querycast_outbox_notify AFTER INSERT ON ${OUTBOX_TABLE}
  FOR EACH STATEMENT EXECUTE FUNCTION public.querycast_outbox_notify();

CREATE OR REPLACE FUNCTION public.querycast_refuse_truncate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $querycast$
BEGIN
  RAISE EXCEPTION 'TRUNCATE of % is refused: its changes are captured row by row', TG_TABLE_NAME
    USING ERRCODE = 'feature_not_supported', HINT = 'Use DELETE.';
END
$querycast$;
`;
