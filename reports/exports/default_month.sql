-- One row: the month that every page shows until its reader chooses another, the latest complete one with figures.
select max(month) as month
from out.months
where is_complete and has_figures
