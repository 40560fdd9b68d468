export const BALANCES = {
	receivables: {
		label: 'Receivables by customer and age',
		columns: [
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'receivable', title: 'Receivable', format: 'amount', total: 'sum' },
			{ id: 'not_due', title: 'Not due', format: 'amount', total: 'sum' },
			{ id: 'to_30', title: '1–30 days', format: 'amount', total: 'sum' },
			{ id: 'to_60', title: '31–60', format: 'amount', total: 'sum' },
			{ id: 'to_90', title: '61–90', format: 'amount', total: 'sum' },
			{ id: 'over_90', title: '91 and more', format: 'amount', total: 'sum' },
			{ id: 'overdue', title: 'Overdue', format: 'amount', total: 'sum' },
			{ id: 'overdue_pct', title: 'Overdue %', format: 'pct', total: ['overdue', 'receivable'] },
			{ id: 'dso_days', title: 'Days of sales', format: 'count' },
			{ id: 'dso_countback_days', title: 'Count-back', format: 'count' },
			{ id: 'state', title: 'Note', flag: ['no closing rate'], blank: true }
		],
		total: 'All customers',
		sort: '-receivable',
		rows: 25,
		empty: 'No customer owes anything.'
	},
	unbilled: {
		label: 'Unbilled work by contract and age',
		columns: [
			{ id: 'contract_id', title: 'Contract', code: true },
			{ id: 'project_name', title: 'Project', wrap: true },
			{ id: 'owner', title: 'Owner' },
			{ id: 'unbilled', title: 'Unbilled', format: 'amount', total: 'sum' },
			{ id: 'to_30', title: '0–30 days', format: 'amount', total: 'sum' },
			{ id: 'to_60', title: '31–60', format: 'amount', total: 'sum' },
			{ id: 'to_90', title: '61–90', format: 'amount', total: 'sum' },
			{ id: 'to_180', title: '91–180', format: 'amount', total: 'sum' },
			{ id: 'over_180', title: '181 and more', format: 'amount', total: 'sum' },
			{ id: 'oldest_days', title: 'Oldest, days', format: 'count' }
		],
		total: 'All contracts',
		sort: '-unbilled',
		rows: 25,
		empty: 'Everything that was recognised is billed.'
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
