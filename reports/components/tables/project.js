import { revenue, cost, margin, marginPct, exception } from './columns.js';

export const PROJECT = {
	project_list: {
		label: 'Projects',
		search: true,
		columns: [
			{ id: 'project_name', title: 'Project', wrap: true },
			{ id: 'status', title: 'Status' },
			{ ...revenue, title: 'Revenue to date' },
			{ ...margin, title: 'Margin to date' },
			{ ...marginPct, title: 'Margin % to date' },
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'programme_name', title: 'Programme', wrap: true, href: 'programme_link' },
			{ id: 'project_manager', title: 'Manager' },
			{ id: 'business_group', title: 'Business group' },
			{ id: 'market', title: 'Market' },
			{ id: 'start_date', title: 'Start', format: 'date' },
			{ id: 'planned_end_date', title: 'Planned end', format: 'date' },
			{ id: 'project_id', title: 'Id', code: true }
		],
		total: 'Total',
		sort: 'project_name',
		href: 'link',
		rows: 50,
		empty: 'No project has been delivered yet.'
	},
	project_months: {
		label: 'Months',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ ...revenue, documents: 'revenue' },
			{ ...cost, documents: 'cost' },
			{ ...margin, documents: 'margin' },
			marginPct,
			{ id: 'billed', title: 'Billed, net', format: 'amount', total: 'sum', documents: 'billed' },
			{ id: 'collected', title: 'Collected, with tax', format: 'amount', total: 'sum', documents: 'collected' },
			{ id: 'margin_to_date', title: 'Margin to date', format: 'amount' },
			{ id: 'margin_pct_to_date', title: 'Margin % to date', format: 'pct' },
			{ id: 'quality', title: 'Of the cost, poor quality', format: 'amount', total: 'sum', screen: true, documents: 'quality' },
			{ id: 'fx_effect', title: 'Of the margin, currencies', format: 'amount', screen: true },
			{ id: 'state', title: 'Note', flag: ['incomplete', 'open exceptions'], blank: true }
		],
		total: 'All months',
		sort: '-month',
		rows: 13,
		printed: 6,
		empty: 'There is no revenue and no cost yet.'
	},
	project_plans: {
		label: 'Margin of this project by version',
		columns: [
			{ id: 'version', title: 'Version' },
			{ id: 'revenue', title: 'Revenue', format: 'amount' },
			{ id: 'cost', title: 'Cost', format: 'amount' },
			{ id: 'margin', title: 'Margin', format: 'amount' },
			{ id: 'margin_pct', title: 'Margin %', format: 'pct' }
		],
		empty: 'No plan with revenue and cost has been delivered, and nothing has happened yet.'
	},
	project_bridges: {
		label: 'What moved the margin of this project',
		columns: [
			{ id: 'walk', title: 'From, to' },
			{ id: 'from_margin', title: 'Margin before', format: 'amount' },
			{ id: 'price', title: 'Price', format: 'amount' },
			{ id: 'approved_changes', title: 'Approved changes', format: 'amount' },
			{ id: 'hours', title: 'Hours', format: 'amount' },
			{ id: 'rate', title: 'Rate', format: 'amount', blank: true },
			{ id: 'subcontract', title: 'Subcontract', format: 'amount' },
			{ id: 'material', title: 'Material', format: 'amount' },
			{ id: 'equipment', title: 'Equipment', format: 'amount' },
			{ id: 'travel', title: 'Travel', format: 'amount' },
			{ id: 'other', title: 'Other', format: 'amount' },
			{ id: 'fx', title: 'Currencies', format: 'amount' },
			{ id: 'risk', title: 'Loss provision', format: 'amount' },
			{ id: 'residual', title: 'Left over', format: 'amount' },
			{ id: 'to_margin', title: 'Margin after', format: 'amount' },
			{ id: 'note', title: 'Note', wrap: true, blank: true, screen: true }
		],
		rows: 8,
		printed: 0,
		empty: 'There are no two versions of the margin to walk between.'
	},
	project_contracts: {
		label: 'Contract lines of this project',
		columns: [
			{ id: 'contract_line_id', title: 'Contract line', code: true },
			{ id: 'method', title: 'Revenue by' },
			{ id: 'currency_code', title: 'Currency' },
			{ id: 'price', title: 'Price', format: 'amount' },
			{ id: 'progress_pct', title: 'Progress', format: 'pct' },
			{ id: 'revenue_to_date', title: 'Revenue to date', format: 'amount' },
			{ id: 'loss_provision', title: 'Loss provision', format: 'amount', screen: true },
			{ id: 'contract_asset', title: 'Unbilled', format: 'amount', total: 'sum', documents: 'contract_asset' },
			{ id: 'contract_liability', title: 'Billed ahead', format: 'amount', total: 'sum', documents: 'contract_liability' },
			{ id: 'receivable', title: 'Receivable', format: 'amount', total: 'sum', documents: 'receivable' },
			{ id: 'retention', title: 'Retained', format: 'amount', total: 'sum', documents: 'retention' },
			{ id: 'backlog', title: 'Backlog', format: 'amount', total: 'sum', documents: 'backlog' },
			{ id: 'state', title: 'Note', flag: ['loss-making'], blank: true }
		],
		total: 'Balances',
		rows: 10,
		printed: 4,
		empty: 'No contract line has been delivered for this project yet.'
	},
	cost_mix: {
		label: 'Cost by category',
		columns: [
			{ id: 'category', title: 'Category' },
			{ id: 'cost', title: 'To date', format: 'amount', total: 'sum' },
			{ id: 'share', title: 'Share', format: 'pct', total: ['cost', 'cost'] },
			{ id: 'month_cost', title: 'In the month', format: 'amount', total: 'sum', documents: ({ measure }) => measure }
		],
		total: 'Cost of sales',
		empty: 'No cost has been booked on this project yet.'
	},
	project_exceptions: {
		label: 'Open exceptions of this project',
		columns: exception,
		rows: 10,
		printed: 3,
		empty: 'No exception is open on this project.'
	},
	project_files: {
		label: 'Files behind this project',
		columns: [
			{ id: 'file_name', title: 'File', wrap: true },
			{ id: 'what', title: 'Gave' },
			{ id: 'facts', title: 'Lines', format: 'count' },
			{ id: 'loaded_at', title: 'Taken in', format: 'time' },
			{ id: 'source_file_id', title: 'SHA-256 begins', code: true }
		],
		sort: '-loaded_at',
		rows: 10,
		printed: 2,
		empty: 'No file has brought a cost or an invoice for this project yet.'
	}
};
