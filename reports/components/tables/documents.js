const documents = (kind) => ({
	label: 'Documents under the figure',
	search: true,
	columns: [
		{ id: 'document', title: 'Document or role', code: true, wrap: true },
		...kind,
		{ id: 'about', title: 'Of', wrap: true, blank: true },
		{ id: 'detail', title: 'What it is', wrap: true },
		{ id: 'document_date', title: 'Date', format: 'date', blank: true },
		{ id: 'amount', title: 'Amount', format: 'cents' },
		{ id: 'currency_code', title: 'In' },
		{ id: 'amount_base', title: 'Reporting currency', format: 'cents', total: 'sum' },
		{ id: 'wbs_id', title: 'WBS', code: true, blank: true, term: 'wbs' },
		{ id: 'file_name', title: 'File', wrap: true, blank: true },
		{ id: 'source_line', title: 'Line', code: true, wrap: true, blank: true },
		{ id: 'sha256', title: 'SHA-256 begins', code: true, blank: true, term: 'sha256' }
	],
	total: 'Documents shown',
	rows: 50,
	empty: 'No document stands behind this figure.'
});

export const DOCUMENTS = {
	document_counts: {
		label: 'Documents by project',
		search: true,
		columns: [
			{ id: 'project_name', title: 'Project', wrap: true },
			{ id: 'revenue_documents', title: 'Revenue', format: 'count', total: 'sum' },
			{ id: 'cost_documents', title: 'Cost', format: 'count', total: 'sum' },
			{ id: 'invoice_documents', title: 'Invoice lines', format: 'count', total: 'sum' },
			{ id: 'payment_documents', title: 'Payments', format: 'count', total: 'sum' },
			{ id: 'balance_documents', title: 'Balances', format: 'count', total: 'sum' },
			{ id: 'unexplained', title: 'Not explained', format: 'cents', total: 'sum', term: 'not_explained' },
			{ id: 'project_id', title: 'Id', code: true }
		],
		total: 'All projects',
		sort: 'project_name',
		href: 'link',
		rows: 50,
		empty: 'No project has a document in this month.'
	},
	document_figures: {
		label: 'Figures of the project and their documents',
		columns: [
			{ id: 'name', title: 'Figure' },
			{ id: 'figure', title: 'Amount', format: 'cents' },
			{ id: 'documents', title: 'Documents', format: 'count' },
			{ id: 'amount', title: 'Add up to', format: 'cents' },
			{ id: 'difference', title: 'Difference', format: 'cents', term: 'not_explained' }
		],
		href: 'link',
		rows: 30,
		empty: 'The project has no figure in this month.'
	},
	documents: documents([]),
	documents_mixed: documents([{ id: 'kind', title: 'Part of', wrap: true }]),
	published_tables: {
		label: 'Tables of the published warehouse',
		search: true,
		columns: [
			{ id: 'table_name', title: 'Table', code: true },
			{ id: 'rows_published', title: 'Rows', format: 'count', total: 'sum' },
			{ id: 'columns', title: 'Columns', format: 'count' },
			{ id: 'meaning', title: 'What it holds', wrap: true }
		],
		total: 'All tables',
		sort: 'table_name',
		href: 'link',
		rows: 10,
		empty: 'No table has been published yet.'
	},
	dictionary_tables: {
		label: 'Tables of the published warehouse',
		search: true,
		columns: [
			{ id: 'table_name', title: 'Table', code: true },
			{ id: 'rows_published', title: 'Rows', format: 'count' },
			{ id: 'meaning', title: 'What it holds', wrap: true }
		],
		anchor: 'table_name',
		// a link to a row that is not on the page as it is served stops the build
		rows: 1000,
		empty: 'No table has been published yet.'
	}
};
