-- An outline in EPSG:3857 as it is drawn up to a zoom: half a pixel of a tile 512 pixels wide may be lost, and what
-- would vanish altogether is kept whole.
create or replace function regions_drawn(outline geometry, zoom integer) returns geometry
language sql immutable strict parallel safe as $$
    select case when ST_IsEmpty(kept) then ST_Multi(outline) else ST_Multi(kept) end
    from ST_CollectionExtract(
        ST_MakeValid(ST_SimplifyVW(outline, (40075016.685578488 / 1024 / 2 ^ zoom) ^ 2)), 3
    ) as kept
$$;
