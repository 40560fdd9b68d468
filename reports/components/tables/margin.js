import { revenue, cost, margin, marginPct, toDate, grouped, project } from './columns.js';

const CATEGORIES = [
	{ id: 'labour', title: 'Labour' },
	{ id: 'subcontract', title: 'Subcontractors' },
	{ id: 'material', title: 'Material' },
	{ id: 'equipment', title: 'Equipment' },
	{ id: 'travel', title: 'Travel' },
	{ id: 'other', title: 'Other' },
	{ id: 'provision', title: 'Loss provision', term: 'provision' }
];
const note = { id: 'state', title: 'Note', flag: ['incomplete', 'open exceptions'], blank: true };

export const MARGIN = {
	months: {
		label: 'Revenue, cost and margin by month',
		columns: [{ id: 'month', title: 'Month', format: 'month' }, revenue, cost, margin, marginPct, note],
		total: 'All months',
		sort: '-month',
		rows: 13,
		empty: 'No month has figures yet.'
	},
	projects: {
		label: 'Projects',
		search: true,
		columns: [
			project,
			...toDate,
			{ id: 'plan_margin', title: 'Margin plan, month', format: 'amount', total: 'sum', term: 'plan' },
			{ id: 'year_plan_margin', title: 'Margin plan, year', format: 'amount', total: 'sum', term: 'plan' },
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'status', title: 'Status' },
			{ id: 'project_id', title: 'Id', code: true }
		],
		total: 'Total',
		sort: '-year_revenue',
		href: 'link',
		links: false,
		rows: 15,
		empty: 'None of these projects has figures in the month or in the twelve before it.'
	},
	by_programme: { ...grouped('Programme', 'Margin by programme'), search: true },
	by_customer: { ...grouped('Customer', 'Margin by customer'), search: true },
	by_business_group: grouped('Business group', 'Margin by business group'),
	by_market: grouped('Market', 'Margin by market'),
	by_key: grouped('Projects', 'Margin of key projects'),
	walk: {
		label: 'Walk of the margin by driver',
		columns: [
			{ id: 'name', title: 'Driver' },
			{ id: 'sold', title: 'As sold to forecast', format: 'amount' },
			{ id: 'todate', title: 'Forecast to date', format: 'amount' },
			{ id: 'both', title: 'As sold to date', format: 'amount' },
			{ id: 'last', title: 'Forecast before to forecast', format: 'amount' }
		],
		empty: 'There are no two versions of the margin to walk between.'
	},
	walk_projects: {
		label: 'Margin as sold and forecast by project',
		search: true,
		columns: [
			project,
			{ id: 'from_margin', title: 'Margin as sold', format: 'amount', total: 'sum' },
			{ id: 'to_margin', title: 'Margin forecast', format: 'amount', total: 'sum' },
			{ id: 'moved', title: 'Change', format: 'change', total: 'sum' },
			{ id: 'why', title: 'What did most of it', wrap: true, blank: true }
		],
		total: 'Total',
		sort: 'moved',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'No project has both a plan as sold and a forecast.'
	},
	cost_by_category: {
		label: 'Cost by category',
		columns: [
			{ id: 'category', title: 'Category' },
			{ id: 'cost', title: 'Month', format: 'amount', total: 'sum' },
			{ id: 'share', title: 'Share', format: 'pct', total: ['cost', 'cost'] },
			{ id: 'planned', title: 'Plan', format: 'amount', total: 'sum', term: 'plan' },
			{ id: 'previous', title: 'Month before', format: 'amount', total: 'sum' },
			{ id: 'year', title: 'Year', format: 'amount', total: 'sum' },
			{ id: 'year_share', title: 'Share of the year', format: 'pct', total: ['year', 'year'] }
		],
		total: 'Cost of sales',
		sort: '-year',
		empty: 'No cost has been booked in the year up to the month.'
	},
	cost_months: {
		label: 'Cost by month and category',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			...CATEGORIES.map((category) => ({ ...category, format: 'amount', total: 'sum' })),
			cost,
			{ id: 'quality', title: 'Of it, poor quality', format: 'amount', total: 'sum', term: 'quality' },
			note
		],
		total: 'All months',
		sort: '-month',
		rows: 13,
		empty: 'No month has a cost yet.'
	},
	quality: {
		label: 'Cost of poor quality by project',
		columns: [
			project,
			{ id: 'quality', title: 'Poor quality, month', format: 'amount', total: 'sum', term: 'quality', documents: 'quality' },
			{ id: 'quality_pct', title: 'Of the cost', format: 'pct', total: ['quality', 'cost'] },
			{ id: 'year_quality', title: 'Poor quality, year', format: 'amount', total: 'sum' },
			{ id: 'year_quality_pct', title: 'Of the cost, year', format: 'pct', total: ['year_quality', 'year_cost'] }
		],
		total: 'Total',
		sort: '-year_quality',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'No cost of poor quality is known in the year up to the month.'
	},
	currencies: {
		label: 'Effect of currencies on the margin by project',
		columns: [
			project,
			{ ...margin, title: 'Margin, month' },
			{ id: 'fx', title: 'Of it, currencies', format: 'amount', total: 'sum', term: 'fx' },
			{ id: 'delivery', title: 'Margin of delivery', format: 'amount', total: 'sum' },
			{ id: 'year_margin', title: 'Margin, year', format: 'amount', total: 'sum' },
			{ id: 'year_fx', title: 'Of it, currencies', format: 'amount', total: 'sum' },
			{ id: 'year_delivery', title: 'Margin of delivery, year', format: 'amount', total: 'sum' }
		],
		total: 'Total',
		sort: 'year_fx',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'Currencies have done nothing to the margin of these projects.'
	},
	fx_items: {
		label: 'Exchange differences of open documents by currency',
		columns: [
			{ id: 'currency_code', title: 'Currency' },
			{ id: 'realised', title: 'Of what was paid', format: 'amount', total: 'sum' },
			{ id: 'unrealised', title: 'Of what is still open', format: 'amount', total: 'sum' },
			{ id: 'both', title: 'Together', format: 'amount', total: 'sum' }
		],
		total: 'All currencies',
		sort: 'both',
		empty: 'No open document in another currency has gained or lost anything in the month.'
	}
};
