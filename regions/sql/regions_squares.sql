-- An outline on a fixed grid, for finding which outlines hold a point: squares wholly inside it, and what it leaves of others.
--
-- Squares measure 4, 1, 1/4, 1/16 and 1/64 degrees (levels 0 to 4), each a sixteenth of the one before. One is cut further
-- until it is whole, or what is left of the outline in it is short. A point lies in one square of each level, so that the
-- outlines that hold it are found by five numbers, and most of them without looking at a line.
--
-- A square is cut out with a margin: a point on its border lies well inside what was cut, so that nothing turns on how the
-- cut itself was rounded.
create or replace function regions_square(level integer, x double precision, y double precision) returns bigint
language sql immutable parallel safe as $$
    -- Powers of two times a coordinate are exact. 32768 keeps both numbers positive.
    select (level::bigint << 40)
        | ((floor(x * (4 ^ level) / 4)::bigint + 32768) << 20)
        | (floor(y * (4 ^ level) / 4)::bigint + 32768)
$$;

-- What a square, counted from 0° by its size, leaves of a shape; no row where it leaves nothing.
create or replace function regions_clip(shape geometry, x integer, y integer, size double precision)
returns table (piece geometry, is_whole boolean)
language sql immutable as $$
    select clipped, ST_NPoints(clipped) = 5 and ST_Equals(clipped, pane)
    from (
        select ST_Expand(ST_MakeEnvelope(x * size, y * size, (x + 1) * size, (y + 1) * size, 4326), size / 1024) as pane
    ) as window_of
    cross join lateral (select ST_ClipByBox2D(shape, pane) as clipped) as cut
    where not ST_IsEmpty(clipped)
$$;

-- square  as regions_square numbers it
-- piece   what the square leaves of the outline, with the margin; null where the outline holds it whole
create or replace function regions_squares(outline geometry)
returns table (square bigint, piece geometry)
language sql immutable as $$
    with recursive cut as (
        select 0 as level, float8 '4' as size, x, y, clip.piece, clip.is_whole
        from generate_series(floor(ST_XMin(outline) / 4)::integer, floor(ST_XMax(outline) / 4)::integer) as x
        cross join generate_series(floor(ST_YMin(outline) / 4)::integer, floor(ST_YMax(outline) / 4)::integer) as y
        cross join lateral regions_clip(outline, x, y, 4) as clip
        union all
        select cut.level + 1, cut.size / 4, east, north, clip.piece, clip.is_whole
        from cut
        cross join lateral generate_series(cut.x * 4, cut.x * 4 + 3) as east
        cross join lateral generate_series(cut.y * 4, cut.y * 4 + 3) as north
        cross join lateral regions_clip(cut.piece, east, north, cut.size / 4) as clip
        where cut.level < 4 and not cut.is_whole and ST_NPoints(cut.piece) > 12
    )
    select regions_square(level, x * size, y * size), case when not is_whole then piece end
    from cut
    where is_whole or level = 4 or ST_NPoints(piece) <= 12
$$;
