/**
 * Shows a sentence beside what a reader rests on or reaches by keyboard: `use:explain={sentence}`. One bubble for the whole
 * site, outside of whatever scrolls; Escape takes it away, and it stays while the pointer is on it.
 */
let bubble, shownFor, timer;

const hide = () => {
	clearTimeout(timer);
	shownFor?.removeAttribute('aria-describedby');
	shownFor = undefined;
	if (bubble) bubble.hidden = true;
};
const hideSoon = () => {
	clearTimeout(timer);
	timer = setTimeout(hide, 150);
};
const made = () => {
	bubble = document.createElement('div');
	bubble.id = 'explained';
	bubble.className = 'bubble';
	bubble.setAttribute('role', 'tooltip');
	bubble.addEventListener('mouseenter', () => clearTimeout(timer));
	bubble.addEventListener('mouseleave', hideSoon);
	document.body.append(bubble);
	window.addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
	window.addEventListener('scroll', hide, { passive: true, capture: true });
};

function show(node, sentence) {
	if (!bubble) made();
	hide();
	bubble.textContent = sentence;
	bubble.hidden = false;
	shownFor = node;
	node.setAttribute('aria-describedby', bubble.id);
	const place = node.getBoundingClientRect();
	const { offsetWidth: width, offsetHeight: height } = bubble;
	const below = place.bottom + 6 + height <= window.innerHeight;
	bubble.style.left = `${Math.max(8, Math.min(place.left, document.documentElement.clientWidth - width - 8))}px`;
	bubble.style.top = `${below ? place.bottom + 6 : Math.max(8, place.top - height - 6)}px`;
}

/** @param {HTMLElement} node @param {string | undefined} sentence nothing is shown where there is none */
export function explain(node, sentence) {
	const open = () => sentence && show(node, sentence);
	node.addEventListener('mouseenter', open);
	node.addEventListener('focus', open);
	node.addEventListener('mouseleave', hideSoon);
	node.addEventListener('blur', hide);
	return {
		update: (next) => (sentence = next),
		destroy: () => shownFor === node && hide()
	};
}
