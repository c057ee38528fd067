-- Checks of codes, one row a device a day and code (of a lot, or of one of its units), in monthly partitions that are made ahead (manage.py partitions).
-- A row, once written, is neither changed nor deleted; a month ends its life as a whole, by DETACH and DROP.

CREATE TABLE IF NOT EXISTS trace_check (
    checked_on   date     NOT NULL,
    lot          varchar(10) NOT NULL,
    device_token bigint   NOT NULL,
    checked_hour smallint NOT NULL CHECK (checked_hour BETWEEN 0 AND 23),
    verdict      varchar(20) NOT NULL,
    province     varchar(20) NOT NULL DEFAULT '',
    issuance_id  integer,
    unit_index   integer,
    -- The token of a device is made of the unit too: unique for each, and two units that one device checked share nothing.
    PRIMARY KEY (checked_on, lot, device_token),
    CONSTRAINT trace_check_of_a_unit CHECK ((issuance_id IS NULL) = (unit_index IS NULL))
) PARTITION BY RANGE (checked_on);

CREATE INDEX IF NOT EXISTS trace_check_of_lot ON trace_check (lot, checked_on);

CREATE OR REPLACE FUNCTION trace_check_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'checks are written once: % is refused', TG_OP;
END;
$$;

-- Row triggers are inherited by every partition; the statement trigger against TRUNCATE is not, so the maker of
-- partitions puts one on each.
CREATE OR REPLACE TRIGGER trace_check_stays BEFORE UPDATE OR DELETE ON trace_check
    FOR EACH ROW EXECUTE FUNCTION trace_check_stays();
CREATE OR REPLACE TRIGGER trace_check_stays_whole BEFORE TRUNCATE ON trace_check
    FOR EACH STATEMENT EXECUTE FUNCTION trace_check_stays();

-- Makes the partitions of `months` months from that of `from_day`; gives the names of those that were missing.
CREATE OR REPLACE FUNCTION trace_make_check_partitions(from_day date, months int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    month date;
    name text;
BEGIN
    -- Two makers at once would both find a month missing.
    PERFORM pg_advisory_xact_lock(hashtext('trace_check partitions'));
    FOR step IN 0 .. months - 1 LOOP
        month := (date_trunc('month', from_day) + make_interval(months => step))::date;
        name := 'trace_check_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF trace_check FOR VALUES FROM (%L) TO (%L)',
                           name, month, (month + interval '1 month')::date);
            EXECUTE format('CREATE TRIGGER trace_check_stays_whole BEFORE TRUNCATE ON %I '
                           'FOR EACH STATEMENT EXECUTE FUNCTION trace_check_stays()', name);
            RETURN NEXT name;
        END IF;
    END LOOP;
END;
$$;
