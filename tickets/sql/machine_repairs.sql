-- Earlier repairs of machines, for their warranty (domain.md 3, 4.3): those of the dealer's own files, and by the exact numbers those that other
-- dealers have shared with the manufacturer. Days, part and treatment alone: no dealer, no customer, no slip. Whoever asks works with the
-- manufacturer. p_machines, p_serials: files and numbers, as many of each; machine: the file.
CREATE FUNCTION tickets_machine_repairs(p_manufacturer bigint, p_machines bigint[], p_serials text[], p_before timestamptz)
RETURNS TABLE (machine bigint, reported_on date, finished_on date, stopped boolean, part_group text, symptom text, treatment text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH asking AS (
        SELECT nullif(current_setting('app.org', true), '')::bigint AS org
        WHERE p_manufacturer = ANY (coalesce(nullif(current_setting('app.makers', true), ''), '{}')::bigint[])
           OR p_manufacturer = nullif(current_setting('app.maker', true), '')::bigint
    ), wanted AS (
        SELECT w.machine, w.serial, asking.org FROM asking, unnest(p_machines, p_serials) AS w (machine, serial)
    ), found AS (
        SELECT wanted.machine, m.id, m.ticket_id, m.dealer_id FROM wanted
        JOIN public.tickets_ticketmachine m ON m.dealer_id = wanted.org AND m.machine_id = wanted.machine
        WHERE m.manufacturer_id = p_manufacturer
        UNION
        SELECT wanted.machine, m.id, m.ticket_id, m.dealer_id FROM wanted
        JOIN public.tickets_ticketmachine m ON m.manufacturer_id = p_manufacturer AND m.serial_number = wanted.serial AND m.serial_number <> ''
        WHERE m.dealer_id = wanted.org OR m.shared_with_maker
    )
    SELECT found.machine, (CASE WHEN s.round = t.round THEN t.round_started_at ELSE t.reported_at END AT TIME ZONE 'Asia/Shanghai')::date,
           (s.finished_at AT TIME ZONE 'Asia/Shanghai')::date, t.urgency = 'stopped', l.fault_part, l.symptom, l.treatment
    FROM found
    JOIN public.tickets_ticket t ON t.id = found.ticket_id
    JOIN public.tickets_slip s ON s.ticket_id = t.id AND s.state IN ('signed', 'refused') AND s.finished_at <= p_before
    JOIN public.tickets_faultline l ON l.dealer_id = found.dealer_id AND l.slip_id = s.id
    JOIN public.tickets_faultlinemachine c ON c.dealer_id = found.dealer_id AND c.line_id = l.id AND c.ticket_machine_id = found.id
    ORDER BY found.machine, s.finished_at, l.sequence
$$;
REVOKE ALL ON FUNCTION tickets_machine_repairs(bigint, bigint[], text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_machine_repairs(bigint, bigint[], text[], timestamptz) TO app_dealer, app_office, app_hq;
