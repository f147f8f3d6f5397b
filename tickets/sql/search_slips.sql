-- Slips are found by the number of the paper form, too (core/sql/search.sql).
CREATE OR REPLACE FUNCTION tickets_slip_keep(s tickets_slip) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT public.core_search_keep('slip', s.id, coalesce(s.finished_at, s.created_at), s.dealer_id, s.office_id, s.manufacturer_id,
        s.shared_with_maker,
        public.core_search_words(concat_ws(' ', s.customer_name, s.technician), true) || public.core_search_words(s.number, false)
        || public.core_search_words(s.paper_number, false)
        || public.core_search_private(s.contact, true) || public.core_search_private(translate(s.phone, ' -', ''), false))
$$;

CREATE OR REPLACE TRIGGER slip_words AFTER UPDATE ON tickets_slip FOR EACH ROW
    WHEN ((OLD.number, OLD.paper_number, OLD.customer_name, OLD.technician, OLD.contact, OLD.phone, OLD.finished_at, OLD.office_id,
           OLD.shared_with_maker)
        IS DISTINCT FROM (NEW.number, NEW.paper_number, NEW.customer_name, NEW.technician, NEW.contact, NEW.phone, NEW.finished_at,
           NEW.office_id, NEW.shared_with_maker))
    EXECUTE FUNCTION tickets_slip_words();
