/** Columns that several tables have. */
export const revenue = { id: 'revenue', title: 'Revenue', format: 'amount', total: 'sum' };
export const cost = { id: 'cost', title: 'Cost of sales', format: 'amount', total: 'sum' };
export const margin = { id: 'margin', title: 'Gross margin', format: 'amount', total: 'sum' };
export const marginPct = { id: 'margin_pct', title: 'Margin %', format: 'pct', total: ['margin', 'revenue'] };

export const toDate = [
	{ id: 'month_revenue', title: 'Revenue, month', format: 'amount', total: 'sum' },
	{ id: 'month_margin', title: 'Margin, month', format: 'amount', total: 'sum' },
	{ id: 'month_margin_pct', title: 'Margin %, month', format: 'pct', total: ['month_margin', 'month_revenue'] },
	{ ...revenue, title: 'Revenue, year' },
	{ ...margin, title: 'Margin, year' },
	{ ...marginPct, title: 'Margin %, year' }
];

export const grouped = (what, label) => ({
	label,
	columns: [{ id: 'name', title: what }, { id: 'projects', title: 'Projects', format: 'count', total: 'sum' }, ...toDate],
	total: 'Total',
	sort: '-revenue',
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
