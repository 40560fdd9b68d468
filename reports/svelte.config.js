/**
 * Merged by Evidence into its own SvelteKit configuration.
 *
 * The policy makes two promises something that the reader's browser keeps: no markup that came with the data ever
 * runs, and no request leaves the site. SvelteKit adds the hashes of the scripts that it writes itself; those of
 * Evidence's page template are taken from the template, so that they cannot be out of date.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const template = readFileSync('src/app.html', 'utf8').replace('/*loading*/', '');
const hashes = [...template.matchAll(/<script>([^]*?)<\/script>/g)].map(
	([, script]) => `sha256-${createHash('sha256').update(script).digest('base64')}`
);
if (hashes.length === 0) throw new Error('svelte.config.js: no inline script in src/app.html: look at the policy again');

export default {
	kit: {
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['none'],
				'script-src': ['self', ...hashes],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'manifest-src': ['self'],
				'base-uri': ['none'],
				'form-action': ['none']
			}
		}
	}
};
