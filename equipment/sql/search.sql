-- What customers and machines are found by; all of it is the dealer's own (core/sql/search.sql).
CREATE FUNCTION equipment_customer_keep(c equipment_customer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.core_search_keep('customer', c.id, c.created_at, c.dealer_id, NULL, NULL, false,
        public.core_search_words(concat_ws(' ', c.name, c.contact, c.city, c.district), true)
        || public.core_search_words(c.address, false) || public.core_search_words(c.credit_code, false)
        || public.core_search_words(c.phone_digits, false) || public.core_search_words(c.phone2_digits, false))
$$;

CREATE FUNCTION equipment_customer_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM public.equipment_customer_keep(NEW);
    IF TG_OP = 'UPDATE' AND OLD.name <> NEW.name THEN
        PERFORM public.equipment_machine_keep(m) FROM public.equipment_machine m WHERE m.customer_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION equipment_machine_keep(m equipment_machine) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.core_search_keep('machine', m.id, m.created_at, m.dealer_id, NULL, NULL, false,
        public.core_search_words(concat_ws(' ', c.name, m.product_type, m.location), true)
        || public.core_search_words(m.model, false) || public.core_search_words(m.host_model, false)
        || public.core_search_words(m.serial_number, false) || public.core_search_words(m.host_number, false))
    FROM public.equipment_customer c WHERE c.id = m.customer_id
$$;

CREATE FUNCTION equipment_machine_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN PERFORM public.equipment_machine_keep(NEW); RETURN NULL; END $$;

CREATE TRIGGER customer_words_new AFTER INSERT ON equipment_customer
    FOR EACH ROW EXECUTE FUNCTION equipment_customer_words();
CREATE TRIGGER customer_words AFTER UPDATE ON equipment_customer FOR EACH ROW
    WHEN ((OLD.name, OLD.contact, OLD.city, OLD.district, OLD.address, OLD.phone_digits, OLD.phone2_digits, OLD.credit_code)
        IS DISTINCT FROM (NEW.name, NEW.contact, NEW.city, NEW.district, NEW.address, NEW.phone_digits, NEW.phone2_digits, NEW.credit_code))
    EXECUTE FUNCTION equipment_customer_words();
CREATE TRIGGER customer_words_gone AFTER DELETE ON equipment_customer
    FOR EACH ROW EXECUTE FUNCTION core_search_forget('customer');
CREATE TRIGGER machine_words_new AFTER INSERT ON equipment_machine
    FOR EACH ROW EXECUTE FUNCTION equipment_machine_words();
CREATE TRIGGER machine_words AFTER UPDATE ON equipment_machine FOR EACH ROW
    WHEN ((OLD.customer_id, OLD.product_type, OLD.model, OLD.serial_number, OLD.host_model, OLD.host_number, OLD.location)
        IS DISTINCT FROM (NEW.customer_id, NEW.product_type, NEW.model, NEW.serial_number, NEW.host_model, NEW.host_number, NEW.location))
    EXECUTE FUNCTION equipment_machine_words();
CREATE TRIGGER machine_words_gone AFTER DELETE ON equipment_machine
    FOR EACH ROW EXECUTE FUNCTION core_search_forget('machine');

REVOKE ALL ON FUNCTION equipment_customer_keep(equipment_customer), equipment_machine_keep(equipment_machine) FROM PUBLIC;
SELECT public.equipment_customer_keep(c) FROM equipment_customer c;
SELECT public.equipment_machine_keep(m) FROM equipment_machine m;
