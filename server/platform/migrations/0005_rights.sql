-- Who loses a right loses it in the transaction of the change, whoever writes: sessions that must end are marked here. That
-- somebody is to look again is told on a channel, by ids alone and after the commit: what counts is the state. The functions
-- have their owner's rights, because whoever writes to a table needs none to sessions, and are no use on other tables.
CREATE FUNCTION "public"."rights_changed"("users" integer[], "sessions" text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hint text := json_build_object('users', "users", 'sessions', "sessions")::text;
BEGIN
  IF cardinality("users") + cardinality("sessions") = 0 THEN
    RETURN;
  END IF;
  -- A payload has 7,999 bytes at most. When so many are concerned, everybody is looked at.
  PERFORM pg_notify('querycast_rights', CASE WHEN octet_length(hint) < 8000 THEN hint ELSE 'all' END);
END
$$;--> statement-breakpoint
CREATE FUNCTION "public"."rights_of_users"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.sessions SET revoked_at = clock_timestamp()
  FROM old_rows JOIN new_rows ON new_rows.id = old_rows.id
  WHERE sessions.user_id = old_rows.id AND sessions.revoked_at IS NULL AND (
    old_rows.password_hash <> new_rows.password_hash
    OR old_rows.role <> new_rows.role
    OR old_rows.is_active AND NOT new_rows.is_active
  );
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "public"."rights_of_sessions"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  ended text[];
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    PERFORM pg_notify('querycast_rights', 'all');
    RETURN NULL;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(id) INTO ended FROM old_rows WHERE revoked_at IS NULL AND expires_at > now();
  ELSE
    SELECT array_agg(old_rows.id) INTO ended FROM old_rows LEFT JOIN new_rows ON new_rows.id = old_rows.id
    WHERE old_rows.revoked_at IS NULL AND old_rows.expires_at > now() AND (
      new_rows.user_id IS DISTINCT FROM old_rows.user_id
      OR new_rows.revoked_at IS NOT NULL
      OR new_rows.expires_at < old_rows.expires_at
    );
  END IF;
  PERFORM public.rights_changed('{}', coalesce(ended, '{}'));
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION "public"."rights_of_families"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  people integer[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT person) INTO people
    FROM new_rows, unnest(ARRAY[parent_id, tutor_id]) AS person WHERE person IS NOT NULL;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT person) INTO people
    FROM old_rows, unnest(ARRAY[parent_id, tutor_id]) AS person WHERE person IS NOT NULL;
  ELSE
    SELECT array_agg(DISTINCT person) INTO people
    FROM old_rows FULL JOIN new_rows USING (user_id), unnest(
      CASE WHEN old_rows.parent_id IS DISTINCT FROM new_rows.parent_id
        THEN ARRAY[old_rows.parent_id, new_rows.parent_id] END
      || CASE WHEN old_rows.tutor_id IS DISTINCT FROM new_rows.tutor_id
        THEN ARRAY[old_rows.tutor_id, new_rows.tutor_id] END
    ) AS person WHERE person IS NOT NULL;
  END IF;
  PERFORM public.rights_changed(coalesce(people, '{}'), '{}');
  RETURN NULL;
END
$$;--> statement-breakpoint
REVOKE EXECUTE ON FUNCTION "public"."rights_changed"(integer[], text[]), "public"."rights_of_users"(),
  "public"."rights_of_sessions"(), "public"."rights_of_families"() FROM PUBLIC;--> statement-breakpoint
CREATE TRIGGER "rights_update" AFTER UPDATE ON "public"."users"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_users"();--> statement-breakpoint
CREATE TRIGGER "rights_update" AFTER UPDATE ON "public"."sessions"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_sessions"();--> statement-breakpoint
CREATE TRIGGER "rights_delete" AFTER DELETE ON "public"."sessions" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_sessions"();--> statement-breakpoint
CREATE TRIGGER "rights_truncate" AFTER TRUNCATE ON "public"."sessions"
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_sessions"();--> statement-breakpoint
CREATE TRIGGER "rights_insert" AFTER INSERT ON "public"."student_profiles" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_families"();--> statement-breakpoint
CREATE TRIGGER "rights_update" AFTER UPDATE ON "public"."student_profiles"
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_families"();--> statement-breakpoint
CREATE TRIGGER "rights_delete" AFTER DELETE ON "public"."student_profiles" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION "public"."rights_of_families"();
