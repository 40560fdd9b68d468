const project = { id: 'project_name', title: 'Project', wrap: true };
const money = (id, title, more = {}) => ({ id, title, format: 'amount', total: 'sum', ...more });
// amounts of a contract's own currency: never added up, never written in the reader's unit
const own = (id, title, more = {}) => ({ id, title, format: 'count', ...more });
const RATE = 'a rate is missing';

export const BALANCES = {
	revenue_methods: {
		label: 'Revenue of the month by method',
		columns: [
			{ id: 'method', title: 'Revenue by', term: 'revenue_method' },
			{ id: 'earned', title: 'Earned', blank: true },
			{ id: 'lines', title: 'Contract lines', format: 'count', total: 'sum' },
			money('revenue', 'Revenue, month', { term: 'revenue' }),
			money('to_date', 'Revenue to date'),
			{ id: 'state', title: 'Note', flag: ['revenue of some lines is unknown'], blank: true }
		],
		total: 'All methods',
		sort: '-revenue',
		rows: 10,
		empty: 'No contract line had revenue in this month.'
	},
	revenue_lines: {
		label: 'Contract lines with a catch-up or an open question',
		search: true,
		columns: [
			project,
			{ id: 'line', title: 'Contract line', code: true },
			{ id: 'method', title: 'Revenue by', term: 'revenue_method' },
			{ id: 'currency', title: 'In' },
			own('revenue', 'Revenue, month', { term: 'revenue' }),
			own('catch_up', 'Of it catch-up', { term: 'catch_up' }),
			own('above_cap', 'Above the cap'),
			{ id: 'note', title: 'What happened', wrap: true }
		],
		sort: 'project_name',
		href: 'link',
		rows: 12,
		empty: 'No line caught up, was above its cap or had no revenue in this month.'
	},
	positions: {
		label: 'Contract balances',
		search: true,
		columns: [
			project,
			{ id: 'contract', title: 'Contract', code: true },
			money('asset', 'Earned, not billed', { term: 'contract_asset', documents: 'contract_asset' }),
			money('liability', 'Billed ahead', { term: 'contract_liability', documents: 'contract_liability' }),
			money('receivable', 'Receivable, with tax', { term: 'receivable', documents: 'receivable' }),
			money('retention', 'Retained', { term: 'retention', documents: 'retention' }),
			money('provision', 'Loss provision', { term: 'provision', documents: 'loss_provision' }),
			money('backlog', 'Order book', { term: 'backlog', documents: 'backlog' }),
			{ id: 'state', title: 'Note', flag: ['revenue of a line is unknown', RATE], blank: true }
		],
		total: 'All contracts',
		sort: '-asset',
		href: 'link',
		rows: 12,
		empty: 'No contract had a balance at the end of this month.'
	},
	unbilled: {
		label: 'Unbilled work by contract and age',
		search: true,
		columns: [
			{ id: 'contract', title: 'Contract', code: true },
			project,
			{ id: 'owner', title: 'Owner' },
			money('unbilled', 'Unbilled', { term: 'contract_asset' }),
			money('to_30', '0–30 days'),
			money('to_60', '31–60'),
			money('to_90', '61–90'),
			money('to_180', '91–180'),
			money('over_180', '181 and more'),
			{ id: 'oldest_days', title: 'Oldest, days', format: 'count' },
			{ id: 'state', title: 'Note', flag: ['no closing rate'], blank: true }
		],
		total: 'All contracts',
		sort: '-unbilled',
		rows: 12,
		empty: 'Everything that was recognised is billed.'
	},
	receivables: {
		label: 'Receivables by customer and age',
		search: true,
		columns: [
			{ id: 'customer_name', title: 'Customer', wrap: true },
			money('receivable', 'Receivable', { term: 'receivable' }),
			money('not_due', 'Not due'),
			money('to_30', '1–30 days'),
			money('to_60', '31–60'),
			money('to_90', '61–90'),
			money('over_90', '91 and more'),
			money('overdue', 'Overdue', { term: 'overdue' }),
			{ id: 'overdue_pct', title: 'Overdue %', format: 'pct', total: ['overdue', 'receivable'] },
			{ id: 'state', title: 'Note', flag: ['no closing rate'], blank: true }
		],
		total: 'All customers',
		sort: '-receivable',
		rows: 12,
		empty: 'No customer owes anything.'
	},
	sales_days: {
		label: 'Days of sales by customer',
		search: true,
		columns: [
			{ id: 'customer_name', title: 'Customer', wrap: true },
			money('receivable', 'Receivable', { term: 'receivable' }),
			{ id: 'days', title: 'Days of sales', format: 'count', term: 'dso' },
			{ id: 'window_days', title: 'Over days', format: 'count' },
			{ id: 'overdue_days', title: 'Of it overdue', format: 'count', term: 'dso_overdue' },
			{ id: 'by_month', title: 'By the month', format: 'count', total: ['receivable', 'month_daily'], term: 'dso_window' },
			{ id: 'by_quarter', title: 'By the quarter', format: 'count', total: ['receivable', 'quarter_daily'], term: 'dso_window' },
			{ id: 'by_year', title: 'By the year', format: 'count', total: ['receivable', 'year_daily'], term: 'dso_window' },
			{ id: 'countback', title: 'Count-back', format: 'count', term: 'countback' },
			{ id: 'not_counted', title: 'Not reached by it', format: 'amount' }
		],
		total: 'All customers',
		sort: '-receivable',
		rows: 12,
		empty: 'Nothing was sold and nothing is owed.'
	},
	order_book: {
		label: 'Order book by project',
		search: true,
		columns: [
			project,
			money('opening', 'Opening', { term: 'backlog' }),
			money('bookings', 'New orders'),
			money('changes', 'Changes'),
			money('earned', 'Revenue'),
			money('fx', 'Currencies'),
			money('closing', 'Closing', { term: 'backlog' }),
			money('billed', 'Billed in the month'),
			{ id: 'state', title: 'Note', flag: ['a rate or a price is missing'], blank: true }
		],
		total: 'All projects',
		sort: '-closing',
		href: 'link',
		rows: 12,
		empty: 'These projects have no order book in this month.'
	},
	provisions: {
		label: 'Loss provisions by project',
		columns: [
			project,
			money('opening', 'Opening', { term: 'provision' }),
			money('added', 'Added'),
			money('used', 'Used or released'),
			money('fx', 'Currencies'),
			money('closing', 'Closing', { term: 'provision' }),
			{ id: 'state', title: 'Note', flag: [RATE], blank: true }
		],
		total: 'All projects',
		sort: '-closing',
		href: 'link',
		rows: 12,
		empty: 'No project had a loss provision in this month.'
	},
	loss_lines: {
		label: 'Contract lines that make a loss',
		columns: [
			project,
			{ id: 'line', title: 'Contract line', code: true },
			{ id: 'currency', title: 'In' },
			own('price', 'Price'),
			own('cost_to_date', 'Cost to date'),
			own('eac', 'Estimate at completion', { term: 'eac' }),
			own('expected_loss', 'Loss expected'),
			own('provision', 'Provision', { term: 'provision' }),
			{ id: 'why', title: 'Why', wrap: true }
		],
		sort: '-expected_loss',
		href: 'link',
		rows: 12,
		empty: 'No contract line is expected to make a loss.'
	},
	closed_months: {
		label: 'Closed months, as closed and now',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'revenue_closed', title: 'Revenue as closed', format: 'amount' },
			{ id: 'revenue_now', title: 'Revenue now', format: 'amount' },
			{ id: 'cost_closed', title: 'Cost as closed', format: 'amount' },
			{ id: 'cost_now', title: 'Cost now', format: 'amount' },
			{ id: 'margin_closed', title: 'Margin as closed', format: 'amount' },
			{ id: 'margin_now', title: 'Margin now', format: 'amount' },
			{ id: 'margin_change', title: 'Change', format: 'cents' },
			{ id: 'closed_at', title: 'Closed', format: 'time' },
			{ id: 'hash', title: 'Hash', code: true }
		],
		sort: '-month',
		rows: 13,
		empty: 'No month is closed yet: outturn close YYYY-MM closes one.'
	},
	restatements: {
		label: 'What changed closed months',
		search: true,
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'project_name', title: 'Project', wrap: true },
			{ id: 'figure', title: 'Figure' },
			{ id: 'document', title: 'Document', wrap: true },
			{ id: 'amount_as_closed', title: 'As closed', format: 'cents' },
			{ id: 'amount_now', title: 'Now', format: 'cents' },
			{ id: 'difference', title: 'Difference', format: 'cents' },
			{ id: 'cause', title: 'Cause' },
			{ id: 'file_name', title: 'File', code: true, blank: true }
		],
		rows: 25,
		empty: 'Nothing has changed a closed month.'
	},
	ledger_differences: {
		label: 'Warehouse beside ledger',
		search: true,
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'category', title: 'Class of account' },
			{ id: 'ledger', title: 'Ledger', format: 'cents' },
			{ id: 'posted', title: 'Posted', format: 'cents' },
			{ id: 'warehouse', title: 'Warehouse', format: 'cents' },
			{ id: 'documented', title: 'Explained by documents', format: 'cents' },
			{ id: 'undocumented', title: 'Not delivered', format: 'cents' },
			{ id: 'documents', title: 'Documents', format: 'count' },
			{ id: 'state', title: 'Note', flag: ['not delivered'], blank: true }
		],
		rows: 13,
		empty: 'Warehouse, postings and ledger are the same.'
	}
};
