-- What is signed is frozen: the database refuses to change a slip that is signed, refused or void, and its lines.
-- Let through: sharing (office_id, shared_with_maker), the lock of a settlement, the print counter, the number of the paper form, and voiding;
-- and what the list of slips is filtered by, which another trigger writes (slip_filters.sql).
CREATE OR REPLACE FUNCTION tickets_slip_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['office_id', 'shared_with_maker', 'locked', 'printed', 'paper_number', 'updated_at', 'version',
                          'city_key', 'shown_technician'];
    was jsonb := to_jsonb(OLD) - loose;
    now_is jsonb;
    voiding text[] := ARRAY['state', 'void_reason', 'voided_at', 'voided_by'];
BEGIN
    IF OLD.state NOT IN ('signed', 'refused', 'void') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'slip % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'slip_frozen';
    END IF;
    now_is := to_jsonb(NEW) - loose;
    IF NEW.state = 'void' AND OLD.state <> 'void' THEN
        was := was - voiding;
        now_is := now_is - voiding;
    END IF;
    IF was IS DISTINCT FROM now_is THEN
        RAISE EXCEPTION 'slip % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'slip_frozen';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE TRIGGER slip_frozen BEFORE UPDATE OR DELETE ON tickets_slip
    FOR EACH ROW EXECUTE FUNCTION tickets_slip_frozen();
