/**
 * How a figure is written, everywhere on the site: one locale, one minus sign, a dash where there is no figure.
 * The same text comes out while the page is built and in the browser.
 */
export const NOTHING = '–';
const MINUS = '−';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const written = (digits) =>
	new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const BY_DIGITS = [written(0), written(1), written(2)];

export const isFigure = (value) => value !== null && value !== undefined && Number.isFinite(Number(value));

const number = (value, digits, scale = 1) => {
	if (!isFigure(value)) return NOTHING;
	const text = BY_DIGITS[digits].format(Math.abs(Number(value)) * scale);
	// what rounds to nothing has no sign
	return Number(value) < 0 && /[1-9]/.test(text) ? MINUS + text : text;
};

const signed = (value, text) => (isFigure(value) && Number(value) > 0 && /[1-9]/.test(text) ? `+${text}` : text);

const two = (part) => String(part).padStart(2, '0');
const moment = (value) => {
	if (value === null || value === undefined || value === '') return null;
	const date = value instanceof Date ? value : new Date(value);
	return Number.isNaN(date.getTime()) ? null : date;
};
const dated = (value, text) => {
	const date = moment(value);
	return date ? text(date) : NOTHING;
};

/** The reader's units of amounts, by their name in the address; cents (documents, controls) stay exact in any of them. */
export const UNITS = {
	one: { prefix: '', digits: 0, scale: 1 },
	k: { prefix: 'k ', digits: 1, scale: 1e-3 },
	m: { prefix: 'M ', digits: 2, scale: 1e-6 }
};
let unit = UNITS.one;
/** Writes amounts in another unit from now on; the frame shows every page anew after it (view.js). */
export const setUnit = (name) => (unit = UNITS[name] ?? UNITS.one);
/** The unit of what `amount` writes: `EUR`, `k EUR`, `M EUR` */
export const unitOf = (currency) => `${unit.prefix}${currency}`;
// an axis of a chart has room for thousands at most
const axisUnit = () => (unit.scale === 1 ? UNITS.k : unit);
export const axisUnitOf = (currency) => `${axisUnit().prefix}${currency}`;
export const axisAmount = (value) =>
	axisUnit() === UNITS.m ? number(value, Math.abs(value) < 1e7 ? 1 : 0, UNITS.m.scale) : number(value, 0, UNITS.k.scale);

export const amount = (value) => number(value, unit.digits, unit.scale);
export const cents = (value) => number(value, 2);
export const count = (value) => number(value, 0);
export const pct = (value) => (isFigure(value) ? `${number(value, 1, 100)} %` : NOTHING);
export const change = (value) => signed(value, amount(value));
export const changePct = (value) => signed(value, pct(value));
export const points = (value) => (isFigure(value) ? `${signed(value, number(value, 1, 100))} pp` : NOTHING);
export const month = (value) => dated(value, (d) => `${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()}`);
export const decimal = (value) => number(value, 2);
export const date = (value) => dated(value, (d) => `${d.getUTCDate()} ${month(d)}`);
export const time = (value) => dated(value, (d) => `${date(d)}, ${two(d.getUTCHours())}:${two(d.getUTCMinutes())} UTC`);
export const yes = (value) => (value === null || value === undefined ? NOTHING : value ? 'yes' : 'no');
export const text = (value) => (value === null || value === undefined || value === '' ? NOTHING : String(value));

export const FORMATS = { amount, cents, count, decimal, pct, change, changePct, points, month, date, time, yes, text };
const NUMBERS = new Set(['amount', 'cents', 'count', 'decimal', 'pct', 'change', 'changePct', 'points']);
export const isNumeric = (format) => NUMBERS.has(format);
export const isNegative = (format, value) => isNumeric(format) && isFigure(value) && FORMATS[format](value).startsWith(MINUS);

/** Markup in a value stays text, also where a chart builds its own HTML. */
export const escaped = (value) =>
	String(value).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]);
