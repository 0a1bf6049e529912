-- Rows that are completed already stay without: when that was is not known, and a made-up date would be shown as history.
ALTER TABLE "material_progress" ADD COLUMN "completed_at" timestamp with time zone;--> statement-breakpoint
-- Whoever writes, the first time counts: what was dated keeps its date even when the row is written back as a whole, or
-- not completed any more. A date that is given with the completion is taken, as an import gives it.
CREATE FUNCTION "date_completion"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD."completed_at" IS NOT NULL THEN
    NEW."completed_at" := OLD."completed_at";
  ELSIF NOT NEW."is_completed" THEN
    NEW."completed_at" := NULL;
  ELSIF TG_OP = 'INSERT' OR NOT OLD."is_completed" THEN
    NEW."completed_at" := coalesce(NEW."completed_at", now());
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER "material_progress_date_completion" BEFORE INSERT OR UPDATE OF "is_completed", "completed_at" ON "material_progress"
  FOR EACH ROW EXECUTE FUNCTION "date_completion"();
