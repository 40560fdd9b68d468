/** Words of revenue methods and balances with customers. */
export const BALANCES = {
	revenue_method: { word: 'Revenue methods', short: 'Cost to cost and labour hours: by the part of the cost or the hours that is done. Time and material, as invoiced: by what may be billed. Milestone: when it is reached. Straight line: by time passed.' },
	contract_asset: { word: 'Earned, not billed (contract asset)', short: 'Revenue to date above what is billed, contract by contract, at the month\u2019s closing rate.' },
	contract_liability: { word: 'Billed ahead (contract liability)', short: 'What is billed above revenue to date: work that is still owed to the customer.' },
	receivable: { word: 'Receivable', short: 'Invoices less credit notes and payments by the month\u2019s end, with tax, at the closing rate.' },
	retention: { word: 'Retained', short: 'What the customer holds back of invoices until the last acceptance of the line.' },
	overdue: { word: 'Overdue', short: 'The part of the receivable that is past its due date.' },
	dso: { word: 'Days of sales (DSO)', short: 'Receivable over the sales of up to twelve months, times their days; of a younger customer over the days since its first invoice.' },
	dso_overdue: { word: 'Overdue days of sales', short: 'The part of the days of sales that is past due: what better collecting could win.' },
	dso_window: { word: 'Days of sales by window', short: 'Receivable over the sales of the month, of three or of twelve months, times their days. A short window moves with the month\u2019s billing, a long one is slow.' },
	countback: { word: 'Count-back', short: 'The receivable is laid against the latest month\u2019s sales, then the month before, until it is used up: how many days of sales it is, whatever their rise or fall.' }
};
