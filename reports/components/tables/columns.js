/** Columns that several tables have. */
export const project = { id: 'project_name', title: 'Project', wrap: true };
export const revenue = { id: 'revenue', title: 'Revenue', format: 'amount', total: 'sum', term: 'revenue' };
export const cost = { id: 'cost', title: 'Cost of sales', format: 'amount', total: 'sum', term: 'cost' };
export const margin = { id: 'margin', title: 'Gross margin', format: 'amount', total: 'sum', term: 'margin' };
export const marginPct = { id: 'margin_pct', title: 'Margin %', format: 'pct', total: ['margin', 'revenue'], term: 'margin_pct' };

/** A month and the fiscal year up to it, as the export portfolio has them. */
export const toDate = [
	{ ...revenue, title: 'Revenue, month', documents: 'revenue' },
	{ ...margin, title: 'Margin, month', documents: 'margin' },
	{ ...marginPct, title: 'Margin %, month' },
	{ id: 'year_revenue', title: 'Revenue, year', format: 'amount', total: 'sum' },
	{ id: 'year_margin', title: 'Margin, year', format: 'amount', total: 'sum' },
	{ id: 'year_margin_pct', title: 'Margin %, year', format: 'pct', total: ['year_margin', 'year_revenue'] }
];

export const grouped = (what, label) => ({
	label,
	columns: [{ id: 'name', title: what, wrap: true }, { id: 'projects', title: 'Projects', format: 'count', total: 'sum' }, ...toDate],
	total: 'Total',
	sort: '-year_revenue',
	rows: 12,
	empty: 'There are no figures to group yet.'
});

export const exception = [
	{ id: 'severity', title: 'Severity', flag: ['error'] },
	{ id: 'rule', title: 'Rule' },
	{ id: 'month', title: 'Month', format: 'month' },
	{ id: 'message', title: 'What is the matter', wrap: true },
	{ id: 'amount_at_stake', title: 'At stake', format: 'cents' },
	{ id: 'unit', title: 'In', blank: true }
];
