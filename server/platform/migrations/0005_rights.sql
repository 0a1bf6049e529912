-- Who loses a right loses it in the transaction of the change, whoever writes: sessions that must end are marked here. That
-- somebody is to look again is told on a channel, by ids alone and after the commit: what counts is the state. The functions
-- have their owner's rights, because whoever writes to a table needs none to sessions, and are no use on other tables.
CREATE FUNCTION "public"."rights_changed"("users" integer[], "sessions" text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  count integer := greatest(cardinality("users"), cardinality("sessions"));
  hints text[] := '{}';
BEGIN
  IF count = 0 THEN
    RETURN;
  END IF;
  -- A payload has 7,999 bytes at most, which 150 of our ids stay below. Those who are named are looked at first, so many
  -- are named in several; when there are too many, everybody is looked at.
  IF count <= 3000 THEN
    FOR i IN 1 .. count BY 150 LOOP
      hints := array_append(hints, json_build_object(
        'users', "users"[i : i + 149], 'sessions', "sessions"[i : i + 149])::text);
    END LOOP;
  END IF;
  IF hints = '{}' OR EXISTS (SELECT FROM unnest(hints) AS hint WHERE octet_length(hint) >= 8000) THEN
    hints := '{all}';
  END IF;
  PERFORM pg_notify('querycast_rights', hint) FROM unnest(hints) AS hint;
END
$$;--> statement-breakpoint
-- Sets are compared, not rows with each other: the plan is made once, for however few rows the first statement wrote.
CREATE FUNCTION "public"."rights_of_users"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  people integer[];
BEGIN
  SELECT array_agg(id) INTO people FROM (
    SELECT id, password_hash, role, is_active FROM old_rows
    EXCEPT SELECT id, password_hash, role, is_active FROM new_rows
  ) AS changed;
  -- Those of whoever is activated again as well, should any have been left over.
  UPDATE public.sessions SET revoked_at = clock_timestamp() WHERE user_id = ANY (people) AND revoked_at IS NULL;
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
    SELECT array_agg(id) INTO ended FROM (
      SELECT id, user_id, expires_at FROM old_rows WHERE revoked_at IS NULL AND expires_at > now()
      EXCEPT SELECT id, user_id, expires_at FROM new_rows WHERE revoked_at IS NULL
    ) AS changed;
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
    SELECT array_agg(DISTINCT person) INTO people FROM (
      (SELECT user_id, parent_id AS person FROM old_rows EXCEPT SELECT user_id, parent_id FROM new_rows)
      UNION ALL (SELECT user_id, parent_id FROM new_rows EXCEPT SELECT user_id, parent_id FROM old_rows)
      UNION ALL (SELECT user_id, tutor_id FROM old_rows EXCEPT SELECT user_id, tutor_id FROM new_rows)
      UNION ALL (SELECT user_id, tutor_id FROM new_rows EXCEPT SELECT user_id, tutor_id FROM old_rows)
    ) AS changed WHERE person IS NOT NULL;
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
