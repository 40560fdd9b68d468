import { revenue, cost, margin, marginPct, toDate, grouped } from './columns.js';

export const MARGIN = {
	months: {
		label: 'Revenue, cost and margin by month',
		columns: [{ id: 'month', title: 'Month', format: 'month' }, revenue, cost, margin, marginPct, { id: 'state', title: 'Note', flag: ['incomplete', 'open exceptions'], blank: true }],
		total: 'All months',
		sort: '-month',
		rows: 13,
		empty: 'No month has figures yet.'
	},
	projects: {
		label: 'Projects',
		search: true,
		columns: [
			{ id: 'project_name', title: 'Project', wrap: true },
			...toDate,
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'status', title: 'Status' },
			{ id: 'project_id', title: 'Id', code: true }
		],
		total: 'Total',
		sort: '-year_revenue',
		href: 'link',
		empty: 'No project has been delivered yet.'
	},
	by_business_group: grouped('Business group', 'Margin by business group'),
	by_market: grouped('Market', 'Margin by market'),
	by_customer: { ...grouped('Customer', 'Margin by customer'), search: true }
};
