import { exception } from './columns.js';

export const TRUST = {
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
			{ id: 'amount_at_stake', title: 'At stake', format: 'cents', term: 'at_stake' },
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
			{ id: 'state', title: 'State', flag: ['late'] },
			{ id: 'days_late', title: 'Days late', format: 'decimal', blank: true },
			{ id: 'figures', title: 'What is made of it', wrap: true, blank: true },
			{ id: 'meaning', title: 'What that means', wrap: true, blank: true }
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
	refresh_steps: {
		label: 'Steps of the refresh',
		columns: [
			{ id: 'step', title: 'Step' },
			{ id: 'seconds', title: 'Seconds', format: 'decimal', total: 'sum' },
			{ id: 'rows_handled', title: 'Rows, models or checks', format: 'count', blank: true }
		],
		total: 'All steps',
		rows: 30,
		empty: 'The steps of this refresh were not recorded.'
	},
	publications: {
		label: 'Earlier publications',
		columns: [
			{ id: 'publication', title: 'Publication', format: 'count' },
			{ id: 'published_at', title: 'Published', format: 'time' },
			{ id: 'as_of', title: 'As of', format: 'time', term: 'as_of' },
			{ id: 'code_version', title: 'Code', code: true },
			{ id: 'input_hash', title: 'Inputs', code: true, term: 'input_hash' },
			{ id: 'warnings', title: 'Warnings', format: 'count' }
		],
		rows: 10,
		empty: 'This is the first publication, or the earlier ones are not kept.'
	},
	exception_projects: {
		label: 'Exceptions by project',
		search: true,
		columns: [
			{ id: 'project_name', title: 'Project', wrap: true },
			{ id: 'errors', title: 'Errors', format: 'count', total: 'sum' },
			{ id: 'warnings', title: 'Warnings', format: 'count', total: 'sum' },
			{ id: 'amount_at_stake', title: 'At stake', format: 'cents', term: 'at_stake' },
			{ id: 'unit', title: 'In', blank: true },
			{ id: 'rules', title: 'Rules', wrap: true }
		],
		total: 'All projects',
		href: 'link',
		rows: 15,
		empty: 'No error and no warning is open on any project.'
	},
	ledger_months: {
		label: 'Margin by the ledger and by the warehouse',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'ledger', title: 'Ledger', format: 'cents', total: 'sum', term: 'ledger' },
			{ id: 'posted', title: 'Posted', format: 'cents', total: 'sum', term: 'posted' },
			{ id: 'warehouse', title: 'Warehouse', format: 'cents', total: 'sum' },
			{ id: 'documented', title: 'Explained by documents', format: 'cents', total: 'sum', term: 'documented' },
			{ id: 'undocumented', title: 'Not delivered', format: 'cents', total: 'sum', term: 'undocumented' },
			{ id: 'documents', title: 'Documents', format: 'count', total: 'sum' },
			{ id: 'state', title: 'Note', flag: ['not delivered'], blank: true }
		],
		total: 'All months',
		rows: 13,
		empty: 'No ledger has been delivered, and nothing was posted.'
	},
	ledger_documents: {
		label: 'Documents that make the difference to the ledger',
		search: true,
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'category', title: 'Class of account' },
			{ id: 'project_name', title: 'Project', wrap: true },
			{ id: 'document_number', title: 'Document', code: true, blank: true },
			{ id: 'document_type', title: 'Kind' },
			{ id: 'reason', title: 'Why', wrap: true },
			{ id: 'posted', title: 'Posted', format: 'cents', term: 'posted' },
			{ id: 'warehouse', title: 'Warehouse', format: 'cents' },
			{ id: 'difference', title: 'Difference', format: 'cents' },
			{ id: 'file_name', title: 'File', wrap: true, blank: true }
		],
		rows: 15,
		empty: 'Every posting stands in the warehouse as it was posted.'
	},
	restatement_summary: {
		label: 'Changes of closed months by cause',
		columns: [
			{ id: 'month', title: 'Month', format: 'month' },
			{ id: 'cause', title: 'Cause' },
			{ id: 'documents', title: 'Documents', format: 'count' },
			{ id: 'projects', title: 'Projects', format: 'count' },
			{ id: 'revenue', title: 'Revenue', format: 'cents' },
			{ id: 'cost', title: 'Cost of sales', format: 'cents' }
		],
		rows: 25,
		empty: 'Nothing has changed a closed month.'
	},
	kpi_dictionary: {
		label: 'KPI dictionary',
		search: true,
		columns: [
			{ id: 'kpi_name', title: 'KPI', wrap: true },
			{ id: 'dimension', title: 'Dimension' },
			{ id: 'formula', title: 'How it is made', wrap: true },
			{ id: 'unit', title: 'In' },
			{ id: 'direction', title: 'Better' },
			{ id: 'target', title: 'Target', blank: true },
			{ id: 'amber', title: 'Amber', wrap: true, blank: true },
			{ id: 'red', title: 'Red', wrap: true, blank: true },
			{ id: 'applies_to', title: 'For', wrap: true },
			{ id: 'valid_from', title: 'Since', format: 'date' },
			{ id: 'owner', title: 'Owner', blank: true },
			{ id: 'kpi_code', title: 'Code', code: true }
		],
		anchor: 'anchor',
		rows: 1000,
		empty: 'No KPI is defined.'
	},
	dictionary: {
		label: 'Data dictionary',
		search: true,
		anchor: 'anchor',
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
