import { revenue, cost, margin, marginPct, project } from './columns.js';

const whole = ({ total, ...column }) => column;
const moved = { id: 'moved', title: 'Change', format: 'change' };
const why = { id: 'why', title: 'Why', wrap: true, blank: true };

export const HOME = {
	comparison: {
		label: 'The month beside plan, last month and last year',
		columns: [
			{ id: 'name', title: 'Figures of' },
			whole(revenue),
			whole(cost),
			whole(margin),
			whole(marginPct),
			{ id: 'backlog', title: 'Order backlog', format: 'amount', term: 'backlog' },
			{ id: 'cash', title: 'Cash', format: 'amount', term: 'cash' }
		],
		empty: 'No complete month has figures yet.'
	},
	movers_previous: {
		label: 'Projects whose margin moved most since the month before',
		columns: [project, { ...whole(margin), documents: 'margin' }, { id: 'before', title: 'Month before', format: 'amount' }, moved, why],
		href: 'link',
		links: false,
		rows: 5,
		empty: 'No margin has moved since the month before.'
	},
	movers_plan: {
		label: 'Projects whose margin is farthest from plan',
		columns: [project, { ...whole(margin), documents: 'margin' }, { id: 'before', title: 'Plan', format: 'amount', term: 'plan' }, moved, why],
		href: 'link',
		links: false,
		rows: 5,
		empty: 'No margin is another than planned, or no project has a plan.'
	},
	reds: {
		label: 'Red projects and why',
		search: true,
		columns: [
			project,
			{ id: 'dimension', title: 'Dimension', term: 'dimension' },
			{ id: 'state', title: 'Since', flag: ['new this month'], blank: true },
			{ id: 'reason', title: 'Why it is red', wrap: true },
			{ id: 'kpi_names', title: 'All that is red in it', wrap: true, blank: true }
		],
		sort: 'state',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'Nothing is red.'
	},
	losses: {
		label: 'Loss-making contract lines',
		columns: [
			project,
			{ id: 'contract_line_id', title: 'Contract line', code: true },
			{ id: 'currency_code', title: 'Currency' },
			{ id: 'price', title: 'Price', format: 'amount' },
			{ id: 'eac', title: 'Cost at completion', format: 'amount', term: 'eac' },
			{ id: 'expected_loss', title: 'Expected loss', format: 'amount' },
			{ id: 'provision', title: 'Loss provision', format: 'amount', total: 'sum', term: 'provision' },
			{ id: 'provision_change', title: 'Of it this month', format: 'change', total: 'sum' }
		],
		total: 'Total',
		sort: '-provision',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'No contract line makes a loss.'
	},
	money_exceptions: {
		label: 'Open exceptions',
		search: true,
		columns: [
			{ id: 'rule', title: 'Rule', term: 'exception' },
			{ id: 'severity', title: 'Severity', flag: ['error'] },
			{ id: 'project_name', title: 'Project', wrap: true, href: 'link' },
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'amount_at_stake', title: 'At stake', format: 'cents' },
			{ id: 'unit', title: 'In', blank: true },
			{ id: 'message', title: 'What is the matter', wrap: true }
		],
		rows: 5,
		empty: 'No exception is open on these projects.'
	},
	publication_changes: {
		label: 'What changed since the publication before',
		search: true,
		columns: [
			project,
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'revenue_before', title: 'Revenue then', format: 'amount', total: 'sum' },
			{ id: 'revenue_now', title: 'Revenue now', format: 'amount', total: 'sum' },
			{ id: 'cost_before', title: 'Cost then', format: 'amount', total: 'sum' },
			{ id: 'cost_now', title: 'Cost now', format: 'amount', total: 'sum' },
			{ id: 'margin_before', title: 'Margin then', format: 'amount', total: 'sum' },
			{ id: 'margin_now', title: 'Margin now', format: 'amount', total: 'sum' },
			{ id: 'margin_change', title: 'Change of margin', format: 'change', total: 'sum' }
		],
		total: 'All changes',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'No month of these projects has another revenue or cost than in the publication before.'
	},
	restated: {
		label: 'What changed since the months were closed',
		columns: [
			project,
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'revenue_change', title: 'Revenue', format: 'change', total: 'sum' },
			{ id: 'cost_change', title: 'Cost', format: 'change', total: 'sum' },
			{ id: 'margin_closed', title: 'Margin as closed', format: 'amount' },
			{ id: 'margin_now', title: 'Margin now', format: 'amount' },
			{ id: 'margin_change', title: 'Change of margin', format: 'change', total: 'sum' },
			{ id: 'documents', title: 'Documents', format: 'count', total: 'sum' },
			{ id: 'causes', title: 'Why', wrap: true, blank: true }
		],
		total: 'All changes',
		href: 'link',
		links: false,
		rows: 10,
		empty: 'No closed month of these projects has changed, or none is closed yet.'
	},
	attention: {
		label: 'What needs attention',
		columns: [
			{ id: 'what', title: 'What', wrap: true },
			{ id: 'cases', title: 'Cases', format: 'count' },
			{ id: 'at_stake', title: 'At stake', format: 'cents' },
			{ id: 'unit', title: 'In', blank: true },
			{ id: 'meaning', title: 'What it means', wrap: true }
		],
		href: 'link',
		links: false,
		rows: 20,
		empty: 'Nothing needs attention: no exception is open, nothing was refused or rejected, every check passed.'
	}
};
