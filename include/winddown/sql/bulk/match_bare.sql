-- grain: none; a tracking number without the blanks and dashes people write. Said where few rows are left: over every
-- row of the files it costs more than their reading
create temp macro bare(number) as coalesce(replace(replace(upper(number), ' ', ''), '-', ''), '')
