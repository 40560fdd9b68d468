/**
 * Light or dark: what the reader chose, else what the system says. Kept where Evidence's page template and charts
 * look for it (`evidence-theme`), and set on the page before it is painted by that template.
 */
import { writable } from 'svelte/store';

const KEY = 'evidence-theme';
const browser = typeof document !== 'undefined';

export const appearance = writable(browser ? document.documentElement.getAttribute('data-theme') || 'light' : 'light');

/** @param {'light' | 'dark'} wanted */
export function setAppearance(wanted) {
	try {
		localStorage.setItem(KEY, wanted);
	} catch {
		// a browser that keeps nothing still shows what was chosen
	}
	document.documentElement.setAttribute('data-theme', wanted);
	appearance.set(wanted);
}

/** Paper is white: light while printing, then what was there before. Returns what undoes it. */
export function printLight() {
	let before;
	const start = () => {
		before = document.documentElement.getAttribute('data-theme');
		document.documentElement.setAttribute('data-theme', 'light');
	};
	const end = () => document.documentElement.setAttribute('data-theme', before);
	window.addEventListener('beforeprint', start);
	window.addEventListener('afterprint', end);
	return () => {
		window.removeEventListener('beforeprint', start);
		window.removeEventListener('afterprint', end);
	};
}
