-- What is in force stands: a version of a policy changes only while it is a draft. Later it may be replaced, and its last day comes
-- earlier then, never later. Nor do the machines change that a policy is written for, once it has such a version.
CREATE FUNCTION equipment_version_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['state', 'valid_until', 'version', 'updated_at'];
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'UPDATE' AND NEW.state = 'replaced' THEN
            RAISE EXCEPTION 'version % was never in force', OLD.id
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'warranty_version_stands';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - loose = to_jsonb(NEW) - loose
        AND (NEW.state = OLD.state OR (OLD.state = 'in_force' AND NEW.state = 'replaced'))
        AND (NEW.valid_until IS NOT DISTINCT FROM OLD.valid_until
             OR (NEW.valid_until IS NOT NULL AND NEW.valid_until < coalesce(OLD.valid_until, 'infinity'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'version % is in force', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'warranty_version_stands';
END
$$;
CREATE TRIGGER version_stands BEFORE UPDATE OR DELETE ON equipment_warrantyversion
    FOR EACH ROW EXECUTE FUNCTION equipment_version_stands();

CREATE FUNCTION equipment_policy_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    loose text[] := ARRAY['name', 'version', 'updated_at', 'changed_by'];
BEGIN
    IF to_jsonb(OLD) - loose IS DISTINCT FROM to_jsonb(NEW) - loose
        AND EXISTS (SELECT FROM public.equipment_warrantyversion v WHERE v.policy_id = OLD.id AND v.state <> 'draft') THEN
        RAISE EXCEPTION 'policy % has a version in force', OLD.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'warranty_policy_stands';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER policy_stands BEFORE UPDATE ON equipment_warrantypolicy
    FOR EACH ROW EXECUTE FUNCTION equipment_policy_stands();

-- Rows of the manufacturer's register by their exact numbers (domain.md 3): a dealer opens what he knows the number of, never a list. Where
-- a machine was shipped is told to the manufacturer and to the dealer to whom it went.
CREATE FUNCTION equipment_register_rows(p_manufacturer bigint, p_serials text[])
RETURNS TABLE (serial_number text, ex_factory_on date, batch text, shipped_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT r.serial_number, r.ex_factory_on, r.batch,
           (SELECT s.shipped_on FROM public.equipment_shipment s
            WHERE s.machine_id = r.id
              AND (s.dealer_id = nullif(current_setting('app.org', true), '')::bigint
                   OR s.manufacturer_id = nullif(current_setting('app.maker', true), '')::bigint))
    FROM public.equipment_registermachine r
    WHERE r.manufacturer_id = p_manufacturer AND r.serial_number = ANY (p_serials)
      AND (p_manufacturer = ANY (coalesce(nullif(current_setting('app.makers', true), ''), '{}')::bigint[])
           OR p_manufacturer = nullif(current_setting('app.maker', true), '')::bigint)
$$;
REVOKE ALL ON FUNCTION equipment_register_rows(bigint, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION equipment_register_rows(bigint, text[]) TO app_dealer, app_office, app_hq;
