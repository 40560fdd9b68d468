/**
 * The columns of every table on the site, by the table's name: what they are called, how they are written, how a
 * total comes about. A ratio's total names the two sums that it is derived from; ratios are never added or averaged.
 * `flag` lists values that are set off (with a mark beside the word); `blank` leaves a cell without a value empty.
 */
const revenue = { id: 'revenue', title: 'Revenue', format: 'amount', total: 'sum' };
const cost = { id: 'cost', title: 'Cost of sales', format: 'amount', total: 'sum' };
const margin = { id: 'margin', title: 'Gross margin', format: 'amount', total: 'sum' };
const marginPct = { id: 'margin_pct', title: 'Margin %', format: 'pct', total: ['margin', 'revenue'] };

const toDate = [
	{ id: 'month_revenue', title: 'Revenue, month', format: 'amount', total: 'sum' },
	{ id: 'month_margin', title: 'Margin, month', format: 'amount', total: 'sum' },
	{ id: 'month_margin_pct', title: 'Margin %, month', format: 'pct', total: ['month_margin', 'month_revenue'] },
	{ ...revenue, title: 'Revenue, year' },
	{ ...margin, title: 'Margin, year' },
	{ ...marginPct, title: 'Margin %, year' }
];

const grouped = (what, label) => ({
	label,
	columns: [{ id: 'name', title: what }, { id: 'projects', title: 'Projects', format: 'count', total: 'sum' }, ...toDate],
	total: 'Total',
	sort: '-revenue',
	rows: 12,
	empty: 'There are no figures to group yet.'
});

const exception = [
	{ id: 'severity', title: 'Severity', flag: ['error'] },
	{ id: 'rule', title: 'Rule' },
	{ id: 'month', title: 'Month', format: 'month' },
	{ id: 'message', title: 'What is the matter', wrap: true },
	{ id: 'amount_at_stake', title: 'At stake', format: 'cents' },
	{ id: 'unit', title: 'In', blank: true }
];

export const TABLES = {
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
		rows: 20,
		empty: 'Nothing needs attention: no exception is open, nothing was refused or rejected, every check passed.'
	},
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
			{ id: 'exceptions', title: 'Exceptions', format: 'count', total: 'sum' },
			{ id: 'customer_name', title: 'Customer', wrap: true },
			{ id: 'status', title: 'Status' },
			{ id: 'project_id', title: 'Id', code: true }
		],
		total: 'Total',
		sort: '-revenue',
		href: 'link',
		empty: 'No project has been delivered yet.'
	},
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
	},
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
			{ id: 'programme_name', title: 'Programme', wrap: true },
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
	by_business_group: grouped('Business group', 'Margin by business group'),
	by_market: grouped('Market', 'Margin by market'),
	by_customer: { ...grouped('Customer', 'Margin by customer'), search: true },
	project_months: {
		label: 'Months of this project',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			revenue,
			cost,
			margin,
			marginPct,
			{ id: 'billed', title: 'Billed, net', format: 'amount', total: 'sum' },
			{ id: 'collected', title: 'Collected, with tax', format: 'amount', total: 'sum' },
			{ id: 'margin_to_date', title: 'Margin to date', format: 'amount' },
			{ id: 'margin_pct_to_date', title: 'Margin % to date', format: 'pct' },
			{ id: 'quality', title: 'Of the cost, poor quality', format: 'amount', total: 'sum' },
			{ id: 'fx_effect', title: 'Of the margin, currencies', format: 'amount' },
			{ id: 'state', title: 'Note', flag: ['incomplete', 'open exceptions'], blank: true }
		],
		total: 'All months',
		sort: '-month',
		rows: 13,
		empty: 'This project has no revenue and no cost yet.'
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
			{ id: 'note', title: 'Note', wrap: true, blank: true }
		],
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
			{ id: 'loss_provision', title: 'Loss provision', format: 'amount' },
			{ id: 'contract_asset', title: 'Unbilled', format: 'amount', total: 'sum' },
			{ id: 'contract_liability', title: 'Billed ahead', format: 'amount', total: 'sum' },
			{ id: 'receivable', title: 'Receivable', format: 'amount', total: 'sum' },
			{ id: 'retention', title: 'Retained', format: 'amount', total: 'sum' },
			{ id: 'backlog', title: 'Backlog', format: 'amount', total: 'sum' },
			{ id: 'state', title: 'Note', flag: ['loss-making'], blank: true }
		],
		total: 'Balances',
		empty: 'No contract line has been delivered for this project yet.'
	},
	cost_mix: {
		label: 'Cost by category',
		columns: [
			{ id: 'category', title: 'Category' },
			{ id: 'cost', title: 'To date', format: 'amount', total: 'sum' },
			{ id: 'share', title: 'Share', format: 'pct', total: ['cost', 'cost'] },
			{ id: 'month_cost', title: 'Latest month', format: 'amount', total: 'sum' }
		],
		total: 'Cost of sales',
		empty: 'No cost has been booked on this project yet.'
	},
	project_exceptions: {
		label: 'Open exceptions of this project',
		columns: exception,
		rows: 10,
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
		empty: 'No file has brought a cost or an invoice for this project yet.'
	},
	load_summary: {
		label: 'Loads by table',
		columns: [
			{ id: 'feed', title: 'Feed' },
			{ id: 'table_name', title: 'Table' },
			{ id: 'files', title: 'Files', format: 'count', total: 'sum' },
			{ id: 'rows_read', title: 'Rows read', format: 'count', total: 'sum' },
			{ id: 'rows_loaded', title: 'Loaded', format: 'count', total: 'sum' },
			{ id: 'rows_rejected', title: 'Rejected', format: 'count', total: 'sum' },
			{ id: 'rows_unchanged', title: 'Unchanged', format: 'count', total: 'sum' },
			{ id: 'adds_up', title: 'Adds up', flag: ['no'] }
		],
		total: 'All tables',
		rows: 40,
		empty: 'No file has been taken in yet.'
	},
	loads: {
		label: 'Files taken in',
		search: true,
		columns: [
			{ id: 'file_name', title: 'File', wrap: true },
			{ id: 'feed', title: 'Feed' },
			{ id: 'table_name', title: 'Table' },
			{ id: 'format', title: 'Format' },
			{ id: 'loaded_at', title: 'Taken in', format: 'time' },
			{ id: 'rows_read', title: 'Rows read', format: 'count', total: 'sum' },
			{ id: 'rows_loaded', title: 'Loaded', format: 'count', total: 'sum' },
			{ id: 'rows_rejected', title: 'Rejected', format: 'count', total: 'sum' },
			{ id: 'rows_unchanged', title: 'Unchanged', format: 'count', total: 'sum' },
			{ id: 'amount_column', title: 'Control column' },
			{ id: 'amount_read', title: 'Sum read', format: 'cents' },
			{ id: 'amount_loaded', title: 'Loaded', format: 'cents' },
			{ id: 'amount_rejected', title: 'Rejected', format: 'cents' },
			{ id: 'amount_unchanged', title: 'Unchanged', format: 'cents' },
			{ id: 'note', title: 'Note', wrap: true, blank: true }
		],
		total: 'All rows',
		rows: 15,
		empty: 'No file has been taken in yet.'
	},
	refused: {
		label: 'Refused files',
		columns: [
			{ id: 'file_name', title: 'File', wrap: true },
			{ id: 'feed', title: 'Feed' },
			{ id: 'loaded_at', title: 'When', format: 'time' },
			{ id: 'reason', title: 'Why', wrap: true }
		],
		rows: 15,
		empty: 'No file was refused.'
	},
	rejected: {
		label: 'Rejected rows',
		search: true,
		columns: [
			{ id: 'file_name', title: 'File', wrap: true },
			{ id: 'table_name', title: 'Table' },
			{ id: 'source_line', title: 'Line', code: true },
			{ id: 'column_name', title: 'Column' },
			{ id: 'value', title: 'Found', wrap: true, code: true },
			{ id: 'reason', title: 'Why', wrap: true },
			{ id: 'remedy', title: 'What to do', wrap: true }
		],
		rows: 15,
		empty: 'No row was rejected.'
	},
	check_summary: {
		label: 'Checks by suite',
		columns: [
			{ id: 'suite', title: 'Suite' },
			{ id: 'checks', title: 'Checks', format: 'count', total: 'sum' },
			{ id: 'passed', title: 'Passed', format: 'count', total: 'sum' },
			{ id: 'warnings', title: 'Warnings', format: 'count', total: 'sum' },
			{ id: 'critical', title: 'Critical', format: 'count', total: 'sum' }
		],
		total: 'All suites',
		rows: 40,
		empty: 'No check has been run.'
	},
	failed_checks: {
		label: 'Checks that did not pass',
		columns: [
			{ id: 'check_name', title: 'Check', wrap: true },
			{ id: 'suite', title: 'Suite' },
			{ id: 'model', title: 'Table' },
			{ id: 'column_name', title: 'Column' },
			{ id: 'severity', title: 'Severity', flag: ['critical'] },
			{ id: 'failing_rows', title: 'Rows', format: 'count' },
			{ id: 'message', title: 'Finding', wrap: true }
		],
		rows: 20,
		empty: 'Every check passed.'
	},
	exception_summary: {
		label: 'Exceptions by rule',
		columns: [
			{ id: 'severity', title: 'Severity', flag: ['error'] },
			{ id: 'rule', title: 'Rule' },
			{ id: 'cases', title: 'Cases', format: 'count', total: 'sum' },
			{ id: 'projects', title: 'Projects', format: 'count' },
			{ id: 'amount_at_stake', title: 'At stake', format: 'cents' },
			{ id: 'unit', title: 'In', blank: true }
		],
		total: 'All rules',
		rows: 40,
		empty: 'No exception is open.'
	},
	exceptions: {
		label: 'Exceptions',
		search: true,
		columns: [exception[0], exception[1], { id: 'entity', title: 'About', wrap: true }, ...exception.slice(2)],
		rows: 15,
		empty: 'No exception is open.'
	},
	control_totals: {
		label: 'Control totals',
		search: true,
		columns: [
			{ id: 'table_name', title: 'Table or file', wrap: true },
			{ id: 'month', title: 'Month', format: 'month', blank: true },
			{ id: 'measure', title: 'Measure', wrap: true },
			{ id: 'unit', title: 'In', blank: true },
			{ id: 'source_amount', title: 'Delivered or stated', format: 'cents' },
			{ id: 'warehouse_amount', title: 'In the warehouse or found', format: 'cents' },
			{ id: 'excluded_amount', title: 'Left out on purpose', format: 'cents' },
			{ id: 'difference', title: 'Difference', format: 'cents' },
			{ id: 'state', title: 'Note', flag: ['differs'], blank: true }
		],
		rows: 15,
		empty: 'There is nothing to compare yet.'
	},
	freshness: {
		label: 'Freshness by table',
		columns: [
			{ id: 'feed', title: 'Feed' },
			{ id: 'table_name', title: 'Table' },
			{ id: 'files', title: 'Files', format: 'count' },
			{ id: 'last_delivered_at', title: 'Last delivery', format: 'time' },
			{ id: 'expected_by_at', title: 'Next expected by', format: 'time' },
			{ id: 'state', title: 'State', flag: ['late'] }
		],
		rows: 40,
		empty: 'No feed is known.'
	},
	refreshes: {
		label: 'Refreshes',
		columns: [
			{ id: 'started_at', title: 'Started', format: 'time' },
			{ id: 'status', title: 'Ended', flag: ['failed', 'killed'] },
			{ id: 'files_loaded', title: 'Files', format: 'count' },
			{ id: 'files_refused', title: 'Refused', format: 'count' },
			{ id: 'rows_loaded', title: 'Rows', format: 'count' },
			{ id: 'code_version', title: 'Code', code: true },
			{ id: 'input_hash', title: 'Inputs', code: true }
		],
		rows: 10,
		empty: 'No refresh has been recorded.'
	},
	dictionary: {
		label: 'Data dictionary',
		search: true,
		columns: [
			{ id: 'table_name', title: 'Table', code: true },
			{ id: 'column_name', title: 'Column', code: true, blank: true },
			{ id: 'data_type', title: 'Type', code: true, blank: true },
			{ id: 'meaning', title: 'What it says', wrap: true },
			{ id: 'formula', title: 'Formula', wrap: true, blank: true }
		],
		rows: 25,
		empty: 'No table has been published yet.'
	}
};
