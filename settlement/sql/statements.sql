-- A statement is the sum of its lines, and once the dealer has confirmed it, it stands (domain.md 11; reliability.md 4).
-- The sums are checked at the end of the transaction, whoever wrote which of the rows; then the request's role may be gone, so the function
-- reads as its owner.
CREATE FUNCTION settlement_statement_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key bigint := (to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'settlement_statement' THEN 'id' ELSE 'statement_id' END)::bigint;
    of_statement record;
    total numeric;
    rest numeric;
BEGIN
    SELECT * INTO of_statement FROM public.settlement_statement s WHERE s.id = key;
    IF NOT FOUND OR of_statement.state = 'void' THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(l.amount), 0) INTO total FROM public.settlement_statementline l WHERE l.statement_id = key AND l.standing;
    rest := total + of_statement.brought_forward;
    IF of_statement.lines_sum <> total OR of_statement.payable <> greatest(rest, 0) OR of_statement.carried_forward <> least(rest, 0)
       OR of_statement.net <> round(of_statement.payable / (1 + of_statement.tax_rate), 2) THEN
        RAISE EXCEPTION 'statement % does not add up', key
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_adds_up';
    END IF;
    SELECT coalesce(sum(p.amount), 0) INTO total FROM public.settlement_payment p WHERE p.statement_id = key AND p.undone_at IS NULL;
    IF of_statement.paid <> total THEN
        RAISE EXCEPTION 'payments of statement % do not add up', key
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_adds_up';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER statement_adds_up AFTER INSERT OR UPDATE ON settlement_statement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_statement_adds_up();
CREATE CONSTRAINT TRIGGER statement_lines_add_up AFTER INSERT OR UPDATE OF amount, standing ON settlement_statementline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_statement_adds_up();
CREATE CONSTRAINT TRIGGER payments_add_up AFTER INSERT OR UPDATE ON settlement_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_statement_adds_up();

CREATE FUNCTION settlement_statement_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['office_id', 'shared_with_maker', 'state', 'version', 'updated_at', 'due_on', 'reason', 'paid', 'confirmed_at',
                          'confirmed_by', 'invoice_title', 'invoice_tax_number', 'invoice_note'];
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state <> 'checking' AND to_jsonb(OLD) - loose IS DISTINCT FROM to_jsonb(NEW) - loose) THEN
        RAISE EXCEPTION 'statement % stands', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_stands';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER statement_stands BEFORE UPDATE OR DELETE ON settlement_statement
    FOR EACH ROW EXECUTE FUNCTION settlement_statement_stands();

-- Lines come while the dealer checks, and change only then; afterwards what was objected to is answered, and a void statement lets them go.
CREATE FUNCTION settlement_statement_lines_stand() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    of_line record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    loose text[] := ARRAY['office_id', 'shared_with_maker', 'answered_amount', 'answer', 'answered_at', 'answered_by'];
    in_state text;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - loose = to_jsonb(NEW) - loose THEN
        RETURN NULL;
    END IF;
    SELECT s.state INTO in_state FROM public.settlement_statement s WHERE s.id = of_line.statement_id;
    IF in_state IN ('checking', 'void') THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a line of statement % stands', of_line.statement_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'statement_stands';
END
$$;
CREATE TRIGGER statement_lines_stand AFTER INSERT OR UPDATE OR DELETE ON settlement_statementline
    FOR EACH ROW EXECUTE FUNCTION settlement_statement_lines_stand();

-- A payment is written once; it can only be taken back.
CREATE FUNCTION settlement_payment_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['office_id', 'shared_with_maker', 'undone_at', 'undone_by', 'undone_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.undone_at IS DISTINCT FROM NEW.undone_at AND OLD.undone_at IS NOT NULL
       OR to_jsonb(OLD) - loose IS DISTINCT FROM to_jsonb(NEW) - loose THEN
        RAISE EXCEPTION 'payment % stands', OLD.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payment_stands';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER payment_stands BEFORE UPDATE OR DELETE ON settlement_payment
    FOR EACH ROW EXECUTE FUNCTION settlement_payment_stands();
