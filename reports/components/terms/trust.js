/** Words of documents, data and trust. */
export const TRUST = {
	not_explained: { word: 'Not explained', short: 'What a figure and the documents listed under it differ by: cents of rounding, or something that the page names.' },
	wbs: { word: 'WBS', short: 'Work breakdown structure: the parts that a project is planned and booked by.' },
	sha256: { word: 'SHA-256', short: 'A fingerprint of a file: two files with the same one are the same to the byte.' },
	control_total: { word: 'Control total', short: 'The sum of what was delivered beside the sum of what the warehouse made of it; they must be the same.' },
	at_stake: { word: 'At stake', short: 'The amount that hangs on an exception: it is in no figure, or not yet, until the exception is dealt with.' },
	exception: { word: 'Exception', short: 'Something that is missing or contradicts itself, such as a rate: named with its amount, never guessed.' },
	restatement: { word: 'Restatement', short: 'What came after a month was closed and would have changed it: kept beside the closed figures, not in them.' },
	freshness: { word: 'Freshness', short: 'When a feed delivered last, and whether the next delivery is late.' },
	posted: { word: 'Posted', short: 'What was delivered as documents of the accounts: cost lines, invoices, payments.' },
	ledger: { word: 'Ledger', short: 'The balances of the firm\u2019s own accounts, as it delivered them.' },
	documented: { word: 'Explained by documents', short: 'The part of a difference to the ledger that delivered documents explain, one by one.' },
	undocumented: { word: 'Not delivered', short: 'The part of a difference to the ledger that no delivered document explains.' },
	as_of: { word: 'As of', short: 'The moment that all figures stand for; not the moment at which the pages were made.' },
	publication: { word: 'Publication', short: 'One set of figures, pages and published tables that belong together and change together.' },
	input_hash: { word: 'Hash of all inputs', short: 'A fingerprint of every file taken in so far and of the configuration: the same hash and the same code make the same figures.' },
	accrual: { word: 'Accrual', short: 'A supplier\u2019s invoice that counts as cost before it is posted, and is taken back when the posting comes.' },
	loss_provision: { word: 'Loss provision', short: 'The loss that a contract is still expected to make: counted as cost at once, and given back as the loss comes.' }
};
