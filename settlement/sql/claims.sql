-- What was submitted stands (reliability.md 3): the facts of a claim change only while the dealer writes on it, its lines only in the turn
-- that is being written. Let through: sharing, the step itself and what a review writes. Rows that the policies hide are left to the policies.
CREATE FUNCTION settlement_claim_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['office_id', 'shared_with_maker', 'state', 'version', 'updated_at', 'turn', 'approved', 'due_on', 'first_by_id',
                          'decided_by_id', 'decided_at', 'appealed_at', 'reason'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'claim % stands', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_stands';
    END IF;
    IF OLD.state IN ('draft', 'returned') THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(OLD) - loose IS DISTINCT FROM to_jsonb(NEW) - loose THEN
        RAISE EXCEPTION 'claim % stands', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_stands';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER claim_stands BEFORE UPDATE OR DELETE ON settlement_claim
    FOR EACH ROW EXECUTE FUNCTION settlement_claim_stands();

CREATE FUNCTION settlement_claim_lines_stand() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    of_line record := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF EXISTS (
        SELECT FROM public.settlement_claim c
        WHERE c.id = of_line.claim_id AND (c.state NOT IN ('draft', 'returned') OR c.turn <> of_line.turn)
    ) THEN
        RAISE EXCEPTION 'a line of claim % stands', of_line.claim_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'claim_stands';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER claim_lines_stand AFTER INSERT OR DELETE ON settlement_claimline
    FOR EACH ROW EXECUTE FUNCTION settlement_claim_lines_stand();
